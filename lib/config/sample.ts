/**
 * A configuration file with every key at its default and a word about each. Only `Repository` has to
 * be changed.
 */
export const SAMPLE_CONFIG = `\
# Configuration of Mirrorbits, in YAML. A key without a value, or left out, has its default.
# Each key may also be given as an environment variable: MIRRORBITS_LISTEN_ADDRESS, for example.

###################
##### GENERAL #####
###################

# The source repository: the directory whose files the mirrors carry. Required.
Repository: /srv/repository

# A directory with page templates that replace the embedded ones.
Templates:

# Kept for compatibility: the pages load nothing from outside.
LocalJSPath:

# auto: JSON when the client asks for it, else a redirect; json; redirect.
OutputMode: auto

# Where to listen: [host]:port, or unix:/path/of/a/socket. Without a host, on every address.
ListenAddress: :8080

# HTTP server threads. auto: one per core; 0: serve on the main thread.
Workers: auto

# Peers whose X-Forwarded-For and X-Forwarded-Proto are believed: ranges of addresses, or all.
TrustedProxies:
  - 127.0.0.0/8
  - ::1/128
  - 10.0.0.0/8
  - 172.16.0.0/12
  - 192.168.0.0/16
  - fc00::/7

# The one header of these peers that says who asks, read from the right: X-Forwarded-For, Forwarded
# (RFC 7239), or a name of your proxy's own, such as X-Real-IP.
ForwardedHeader: X-Forwarded-For

# Who may connect to a Unix socket in ListenAddress, as permissions in octal (0660: user and group),
# from the next start or upgrade on. Default: as the umask gives.
UnixSocketMode:

# Compress pages and JSON for clients that accept it.
Gzip: false

# Whether a client that came by HTTP may be sent to an HTTPS mirror.
AllowHTTPToHTTPSRedirects: true

# Seconds within which ranged requests of one client for one file count as one download, also with a
# whole request before them that the same node answered; 0: each counts.
SameDownloadInterval: 600

# Alternative mirrors in the Link headers of a redirect, at most.
MaxLinkHeaders: 10

# Directory of downloads.log; none: no download log.
LogDir:

# Lines of answers 404 and 503 there: sampled (the first 100 a second, and one line that counts the
# rest), all or none.
LogRefused: sampled

# Of clients' addresses there: full, network (192.0.2.0 for 192.0.2.7; /24 and /48) or none.
LogAddress: full

# Permissions of logs that are made, in octal; files that are there keep theirs.
LogMode: 0640

# Directory of GeoLite2-City.mmdb and GeoLite2-ASN.mmdb. Without them, an embedded database tells
# the countries of clients.
GeoipDatabasePath: /usr/share/GeoIP/

# Fetch databases once a day: dbip (cities and networks by DB-IP, free, without an account:
# recommended), maxmind (with the account and key below), or a URL of your own, such as
# https://example.org/{edition}-{month}.mmdb.gz (city and asn; 2026-11). off: not.
GeoipUpdate: off
GeoipAccountID:
GeoipLicenseKey:

##################
##### STORE  #####
##################

# File of the embedded store, for one machine. Default: mirrorbits.db in the state directory.
DatabasePath:

# host:port of a Redis server, which several machines can share, in place of the embedded store.
RedisAddress:
# RedisUser is for Redis 6 and later. RedisTLS: true encrypts, and trusts the
# system's certificates; the path of a file trusts those in it.
RedisUser:
RedisPassword:
RedisTLS: false
RedisDB: 0

# Redis Sentinel, in place of RedisAddress: a list such as [{Host: sentinel1:26379}].
RedisSentinelMasterName:
RedisSentinels: []

#################################
##### REPOSITORY AND SCANS  #####
#################################

# Minutes between scans of the source repository; 0: only when asked for.
RepositoryScanInterval: 5

# Scan the source repository as soon as the system tells of a change, too. Where it cannot tell, or
# there are too many directories, only the interval counts.
WatchRepository: true

# Hashes to compute of the source files.
Hashes:
  SHA256: true
  SHA1: false
  MD5: false

# Mirrors to scan at once.
ConcurrentSync: 5

# Minutes between scans of one mirror.
ScanInterval: 30

# Scan mirrors over HTTP: auto: those with neither rsync nor FTP; fallback: also where those failed;
# off: none.
HTTPScan: auto

# Requests a second to one mirror of a scan over HTTP, from 0.1 to 200.
HTTPScanRate: 10

# Minutes in which such scans look at everything once; in between they look at what changed.
HTTPScanInterval: 360

# Find out whether a mirror lists its times in another time zone, and allow for it.
FixTimezoneOffsets: false

# By how much the times of a mirror's files may differ from the source's either way, such as 2s, and
# still count as the same; a mirror's own Tolerance wins.
Tolerance: 0

# Path in the repository of a file that holds the time of the last change, in seconds since 1970;
# it tells how far behind each mirror is.
TraceFileLocation:

###################
##### MIRRORS #####
###################

# Minutes that the listing of a mirror may be old: one that could not be scanned for longer serves
# nobody; 1440 is a good limit, 0 is none.
MaxScanAge: 0

# Minutes between health checks of one mirror; 0: about one a second.
CheckInterval: 1

# Check mirrors over IPv4 and IPv6 separately. prefer: those that are down on the client's kind of
# address are asked last; strict: they are left out; ignore: such checks are not made.
IPFamilies: prefer

# Take a mirror that answers a health check with a redirect for down.
DisallowRedirects: false

# URL of a proxy for health checks and trace files, such as http://proxy.example:3128. A proxy
# that the environment names (HTTP_PROXY) never takes part.
CheckProxy:

# Disable a mirror that lacks the file of a health check.
DisableOnMissingFile: false

# Ask once, in the background, whether a mirror really has a large file that clients are sent to it
# for, such as {From: 50MB}. Empty: never.
Verify:

# Mirrors up to this many times as far away as the closest one take part in the draw; above 0.
WeightDistributionRange: 1.5

# false: among the mirrors in that range the choice goes by their score alone.
GeographicalSort: true

# What a directory is answered with: a list, the fallbacks, or off (404). Empty: fallback
# where there is one, else list.
Directories:

# What of the repository is as if it were not there: a list of patterns such as
# ["/archive/**", "*.tmp", /private/]. * stands for anything within a name, ** for any
# number of names; without a slash in front it may be anywhere.
Exclude: []

# New versions that mirrors do not serve until so many have them, or the time is over; fallbacks do,
# or this server (ServeLocally).
# A list such as [{Prefix: /releases/, Mirrors: 3, For: 24h}].
Embargo: []

# Paths that stand for the newest version that so many mirrors have, a list such as
# [{Path: "/latest/app-{os}.zip", Pattern: "/rel/{version}/app-{version}-{os}.zip", Mirrors: 2}].
Latest: []

# What is sent from the repository itself, in place of a redirect; empty: nothing. A map such as
# {Below: 4kB, Patterns: ["*.asc"], LastResort: true, MaxBytesPerSecond: 50MB, MaxConnections: 200,
# Accel: X-Accel-Redirect /internal/}. See: mirrorbits help content
ServeLocally:

# Files of package repositories that fit together: apt, rpm, arch, alpine, jenkins, or a map such as
# {Root: /dists/*/InRelease, Below: /dists/*/, Immutable: ["*.deb"], MaxBehind: 720, Quorum: 50}.
MetadataSets: []

# Paths below which a client keeps its mirror as long as that may serve, a list such as [/pool/].
StableDraw: []

# Minutes for which mirrors still serve files that left the repository; 0: none.
KeepRemoved:

# How many minutes old copies below a path may be, a list such as
# [{Prefix: /nightly/, Minutes: 540}]. The first prefix that matches counts.
AllowOutdatedFiles: []

# Which clients which mirrors are for, a list such as
# [{Client: [RU, BY], Mirror: [UA], Use: never}, {Client: ["*"], Mirror: ["tag:cdn"], Use: last}].
# Either side: a country, @EU, AS123, a network, a mirror's name with *, tag:x, or *.
# Use: never, last, first, only. For each mirror the first rule that matches counts.
Rules: []

# Clients that get no redirect but this status, a list such as [{Client: [AS64500], Status: 451}].
Refuse: []

# Corrections of the GeoIP databases, a list such as
# [{Network: 203.0.113.0/24, Country: MD, AS: 64500, Latitude: 47, Longitude: 28.9}].
GeoOverrides: []

# What clients may say of mirrors: avoid (?avoid=NAME,RU,AS123), all (also which one), none.
ClientChoice: avoid

# Who may ask why a mirror is chosen (?explain): none, loopback or all.
Explain: none

# Servers that answer when no mirror can, a list such as
# [{URL: https://fallback.example.org/, CountryCode: fr, ContinentCode: eu}].
Fallbacks: []

###############################
##### METALINKS AND LINKS #####
###############################

# Base of links to this server, such as https://dl.example.org/. Default: as a request says.
PublicURL:

# Serve metalinks: FILE?meta4 and FILE?metalink, FILE.meta4 and FILE.metalink.
Metalink: true

# Redirects with a digest and links to the metalink: auto (for clients that ask), always or never.
# "always" serves wget2 better, and takes a fifth of the redirects per second: 13 200 in place of
# 16 000.
MetalinkHeaders: auto

# Answer a file's own URL with a metalink where the client accepts one. It breaks aria2c -o NAME.
MetalinkNegotiation: false

# Mirrors in a metalink at most.
MetalinkMirrors: 20

# Who publishes the files, for metalinks: {Name: Example, URL: https://www.example.org/}.
MetalinkPublisher:

# Days for which DNF may still be given a former repomd.xml, from mirrors that have not the new one.
MetalinkAlternates: 4

# Hash the pieces of files, so that clients find out which part is wrong; Torrents implies it.
# Switching it on reads every file of PieceHashMinSize MiB and more once.
PieceHashes: false
PieceHashMinSize: 16

# Serve torrents, magnet links and info hashes: FILE?torrent, FILE?magnet, FILE?btih.
Torrents: false

# 1, or hybrid: with BEP 52, too.
TorrentVersion: 1

# Trackers that know the torrents: a list of URLs, or of lists (tiers).
TorrentTrackers: []

# Serve control files for zsync, FILE?zsync: they take 5 MiB a file, and much time to compute.
Zsync: false

####################
##### MESSAGES #####
####################

# Who is told what happens: a list of receivers. Each has To, and may have Events and After.
#   Events: down, up (where down was told), disabled, stale (behind by more than StaleAfter),
#     certificate (14 and 3 days before it ends), quota (80 and 100 percent), fallback (more than
#     FallbackShare), source (no good scan of the repository for long). Default: all.
#   After: minutes that a state must last; what is over before is not told. Default: 0.
# webhook: JSON is posted to URL; Secret signs it. mail: SMTP is smtp:// or smtps:// with user and
# password where needed; Mirrors: true writes to the AdminEmail of the mirror, too, with ReplyTo for
# the answers; Digest is the time of day in UTC of one summary in place of single mails. command:
# Run is a program, by its absolute path, with its arguments; it gets the JSON on standard input.
# URL, Secret and SMTP may be $NAME: the value of that variable. Try with: mirrorbits notify test
#
#  - To: webhook
#    URL: https://hooks.example.org/x
#    Secret: $HOOK_SECRET
#    Events: [down, up, disabled]
#    After: 30
#  - To: mail
#    SMTP: smtps://user:password@mail.example.org
#    From: mirrors@example.org
#    Recipients: [ops@example.org]
#    Mirrors: true
#    ReplyTo: ops@example.org
#    Digest: 08:00
#  - To: command
#    Run: [/usr/local/bin/page-me]
Notify: []

# Minutes by which a mirror may be behind before it is stale.
StaleAfter: 2880

# Minutes of being down, or stale, after which a mirror is disabled; nothing enables it again but an
# operator. 0: never.
DisableAfter: 0

# Percent of the answers in ten minutes, of at least 100, that fallbacks may give before it is told.
FallbackShare: 5

###################
##### METRICS #####
###################

# [host]:port where GET /metrics is answered without a password, and nothing else; GET /metrics on
# RPCListenAddress is there in any case. See: mirrorbits help monitoring
MetricsListenAddress:

# Mirrors with metrics of their own; redirects to further ones are counted together.
MetricsMirrors: 200

# Count requests by country, too.
MetricsCountries: false

######################
##### STATISTICS #####
######################

# What of the statistics strangers see: none; mirrors: downloads and bytes of each mirror; all: also
# countries, answers and the files that are asked for most.
PublicStats: mirrors

# Regular expressions of programs that count apart, as bots: in no other figure of the statistics.
#IgnoreAgents: ['bot\\b', '^Uptime']
IgnoreAgents: []

# Days for which counters of files and mirrors are kept, 62 at least. 0: for ever.
KeepStats: 0

########################
##### COMMAND LINE #####
########################

# Where the command line reaches the server: host:port.
RPCListenAddress: localhost:3390

# Asked of the command line when it is set.
RPCPassword:
`;
