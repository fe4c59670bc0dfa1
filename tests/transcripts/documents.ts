/** Files that the transcripts name. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  "downloads.log": `# Log file created at: 2026/11/22 15:04:05
2026/11/22 15:04:05.000 REDIRECT 302 GET "/pub/file.iso" ip:89.160.20.112 mirror:near asn:0 distance:152.00km countries:SE
2026/11/22 15:04:05.000 REDIRECT 302 GET "/pub/file.iso" ip:89.160.20.112 mirror:near asn:0 distance:152.00km countries:SE
2026/11/22 15:04:05.000 REDIRECT 302 GET "/pub/file.iso" ip:192.0.2.9 mirror:gone asn:0 distance:0.00km countries:FR
2026/11/22 15:04:05.000 REDIRECT 302 GET "/pub/file.iso" ip:2001:db8::1 mirror:far asn:0 distance:0.00km countries:US
2026/11/22 15:04:05.000 REDIRECT 302 GET "/pub/old.iso" ip:89.160.20.112 mirror:near asn:0 distance:152.00km countries:SE
2026/11/22 15:04:05.000 REDIRECT 302 GET "/pub/file.iso" ip:- mirror:near asn:0 distance:0.00km countries:SE
2026/11/22 15:04:05.000 REDIRECT 302 GET "/pub/file.iso" ip:192.0.2.0/24 mirror:near asn:0 distance:0.00km countries:SE
2026/11/22 15:04:05.000 REDIRECT 302 HEAD "/pub/file.iso" ip:192.0.2.9 mirror:near asn:0 distance:0.00km countries:SE
2026/11/22 15:04:05.000 REDIRECT 404 GET "/pub/none" ip:192.0.2.9
2026/11/22 15:04:05.000 JSON 200 GET "/pub/file.iso" ip:192.0.2.9 mirror:near asn:0 distance:0.00km countries:SE
2026/11/22 15:04:05.000 REDIRECT 302 GET "/pub/file.iso" ip:192.0.2.9 mirror:fallback0 fallback:true asn:0 distance:0.00km countries:
`,
  "listing.txt": "drwxr-xr-x          4,096 2026/11/22 15:04:05 .\n" +
    "-rw-r--r--          1,234 2026/11/22 15:04:05 a b.iso\n",
  "odd.txt": "Welcome!\n-rw-r--r--          1,234 2026/11/22 15:04:05 a.iso\n",
  "good.conf": "Repository: /srv/files\nGzzip: true\n",
  "mirrors.yaml": `Mirrors:
  - Name: m1
    HttpURL: http://m1.example/
    Score: 20
    CountryCodes: fr, de
    Comment: |-
      two
      lines
  - Name: m2
    HttpURL: http://m2.example
  - Name: new
    HttpURL: http://89.160.20.112/pub
    AdminEmail: ann@new.example
    Comment: a new one
`,
  "mirrors.json": `{"Mirrors": [{"Name": "m1", "Score": 21, "AllowRedirects": true}]}`,
  "unresolved.yaml": `Mirrors:
  - {Name: gone, HttpURL: http://gone.invalid/}
  - {Name: m2, Score: 5}
`,
  "placed.yaml": `Mirrors:
  - Name: placed
    HttpURL: http://placed.invalid/
    Latitude: 1
    Longitude: 2
    ContinentCode: EU
    CountryCodes: FR
    ASNum: 0
`,
  "mistakes.yaml": `Mirrors:
  - Name: m1
    Score: much
  - HttpURL: http://nameless.example/
  - Name: m2
    ContinentCode: Europe
  - Name: m3
  - Name: m3
`,
  "unknown.yaml": `Mirrors:
  - Name: m1
    Skore: 3
`,
  "other.yaml": `Repository: /srv
`,
  "broken.yaml": `Mirrors:
  - Name: [m1
`,
  "empty.yaml": `Mirrors: []
`,
  "list.yaml": `Mirrors:
  - m1
`,
  "/etc/mirrorbits.conf": `Repository: /srv/files
LogDir: /var/log/mirrorbits
DatabasePath: /var/lib/mirrorbits/mirrorbits.db
`,
  "redis.conf": `Repository: /srv/files/
RedisAddress: localhost:6379
ListenAddress: unix:/run/mirrorbits/http.sock
Templates: /etc/mirrorbits/pages
`,
  "wrong.conf": `OutputMode: fast
`,
};
