/** Rules for Prometheus over the metrics of the daemon; what they compare with is for the operator to change. */
export const ALERT_RULES = `\
# Alerts about Mirrorbits, for rule_files in prometheus.yml; promtool check rules FILE checks them.
# What all nodes of a cluster say of the mirrors is taken once. Numbers are meant to be changed.
groups:
  - name: mirrorbits
    rules:
      # Fewer than 2 mirrors, in a continent that has 2 or more.
      - alert: MirrorbitsFewMirrorsUp
        expr: |
          sum by (continent) (max by (continent, mirror) (
            mirrorbits_mirror_info * on (job, instance, mirror) group_left ()
              max by (job, instance, mirror) (mirrorbits_mirror_up{family="any"})
          )) < 2
          and on (continent)
          sum by (continent) (max by (continent, mirror) (mirrorbits_mirror_info)) >= 2
        for: 5m
        labels: { severity: critical }
        annotations:
          summary: Only {{ $value }} mirrors are up in {{ $labels.continent }}

      # No node scanned the repository for an hour: RepositoryScanInterval is 5 minutes by default.
      - alert: MirrorbitsSourceNotScanned
        expr: |
          time() - max by (job) (mirrorbits_source_last_scan_timestamp_seconds) > 3600
          or
          max by (job) (mirrorbits_build_info)
            unless on (job) max by (job) (mirrorbits_source_last_scan_timestamp_seconds)
        for: 15m
        labels: { severity: warning }
        annotations:
          summary: The repository was not scanned with success for long

      # Fallbacks answer more than 5 % of what is redirected.
      - alert: MirrorbitsFallbackShare
        expr: |
          sum by (job) (rate(mirrorbits_requests_total{answer="fallback"}[10m]))
          / sum by (job) (rate(mirrorbits_requests_total{answer=~"redirect|fallback"}[10m])) > 0.05
        for: 10m
        labels: { severity: warning }
        annotations:
          summary: "{{ $value | humanizePercentage }} of the redirects lead to a fallback"

      # One mirror has more than half of what is redirected to its continent, where there are 3 or more.
      - alert: MirrorbitsOneMirrorServesMost
        expr: |
          sum by (continent, mirror) (
            rate(mirrorbits_redirects_total[1h])
              * on (job, instance, mirror) group_left (continent) mirrorbits_mirror_info
          )
          / on (continent) group_left ()
          sum by (continent) (
            rate(mirrorbits_redirects_total[1h])
              * on (job, instance, mirror) group_left (continent) mirrorbits_mirror_info
          ) > 0.5
          and on (continent)
          sum by (continent) (max by (continent, mirror) (mirrorbits_mirror_info)) >= 3
        for: 1h
        labels: { severity: warning }
        annotations:
          summary: >-
            {{ $labels.mirror }} gets {{ $value | humanizePercentage }} of the redirects to
            {{ $labels.continent }}

      - alert: MirrorbitsCertificateEnds
        expr: |
          max by (mirror) (mirrorbits_mirror_certificate_end_timestamp_seconds) - time() < 7 * 86400
        for: 1h
        labels: { severity: warning }
        annotations:
          summary: The certificate of {{ $labels.mirror }} ends in {{ $value | humanizeDuration }}

      # By its last listing, a mirror that is up is more than two days behind: StaleAfter, by default.
      - alert: MirrorbitsMirrorStale
        expr: |
          max by (mirror) (mirrorbits_mirror_lag_seconds) > 2 * 86400
          and on (mirror) max by (mirror) (mirrorbits_mirror_up{family="any"}) == 1
        for: 30m
        labels: { severity: warning }
        annotations:
          summary: "{{ $labels.mirror }} is {{ $value | humanizeDuration }} behind"

      # GeoipUpdate keeps databases current; of the embedded one there is no newer.
      - alert: MirrorbitsGeoipOld
        expr: |
          time() - min by (type) (mirrorbits_geoip_build_timestamp_seconds{type!~"country ip.*"})
          > 60 * 86400
        for: 1h
        labels: { severity: warning }
        annotations:
          summary: The GeoIP database {{ $labels.type }} is {{ $value | humanizeDuration }} old

      - alert: MirrorbitsStoreDown
        expr: mirrorbits_store_up == 0
        for: 2m
        labels: { severity: critical }
        annotations:
          summary: "{{ $labels.instance }} cannot reach its store"
`;
