/** What every configuration begins with. @param repository its directory @param what it is for */
function head(repository: string, what: string): string {
  return `\
# Mirrorbits for ${what}.
# "mirrorbits config sample" has every key.

# The source repository: the directory whose files the mirrors carry. Required.
Repository: ${repository}

# Where to listen: [host]:port, or unix:/path/of/a/socket.
ListenAddress: :8080

# Base of links to this server, such as https://dl.example.org/. Default: as a request says.
PublicURL:
`;
}

const FALLBACKS = `
# What no mirror can serve is sent from here; where that is too much, by the fallbacks.
ServeLocally: {LastResort: true, MaxBytesPerSecond: 50MB}
Fallbacks: []
#  - URL: https://origin.example.org/
`;

/** @param name of the ready-made metadata set @param root the file whose content is the revision */
function sets(name: string, root: string): string {
  return `
# ${root} names other files by their hashes: those come from mirrors that have all of one
# revision. Each client keeps its mirror.
MetadataSets: [${name}]
`;
}

/** Kinds of repositories. */
export const READY_KINDS = ["apt", "rpm", "arch", "alpine", "iso"] as const;

/** Configurations for kinds of repositories, by their word: short ones, each tried with its client. */
export const READY_SAMPLES: Readonly<Record<typeof READY_KINDS[number], string>> = {
  apt: head("/srv/debian", "a Debian repository (apt)") + sets("apt", "InRelease") + `
# Packages come from the mirror that the metadata came from, as long as that has them.
StableDraw: [/pool/]
${FALLBACKS}
# Clients: deb [signed-by=KEYRING] https://dl.example.org/ SUITE COMPONENT
#      or: deb [signed-by=KEYRING] mirror+https://dl.example.org/?mirrors&format=apt SUITE COMPONENT
`,
  rpm: head("/srv/rpm", "a repository of RPMs (dnf, yum, zypper)") + sets("rpm", "repomd.xml") + `
# DNF checks what a metalink names by its hash.
Hashes: {SHA256: true}
Metalink: true

# Days for which DNF may still be given a former repomd.xml, from mirrors that have not the new one.
MetalinkAlternates: 4

# What createrepo_c is still writing: mirrors that got some of it lose it with their next sync.
Exclude: [.repodata]
${FALLBACKS}
# Clients: metalink=https://dl.example.org/PATH/repodata/repomd.xml?metalink
#      or: baseurl=https://dl.example.org/PATH/
`,
  arch: head("/srv/arch", "an Arch Linux repository (pacman)") + sets("arch", "core.db") + `
# pacman asks for databases in any case, and mirrors sync several times a day.
CheckInterval: 1
${FALLBACKS}
# Clients: Server = https://dl.example.org/$repo/os/$arch
#      or: curl -fsS 'https://dl.example.org/?mirrors&format=pacman' > /etc/pacman.d/mirrorlist
`,
  alpine: head("/srv/alpine", "an Alpine Linux repository (apk)") +
    sets("alpine", "APKINDEX.tar.gz") + `${FALLBACKS}
# Clients, in /etc/apk/repositories: https://dl.example.org/v3.22/main
`,
  iso: head("/srv/iso", "images and other large files (curl, aria2, browsers)") + `
# Clients check what they get: FILE?sha256, FILE.meta4, and the hashes of its pieces.
Hashes: {SHA256: true}
Metalink: true
PieceHashes: true

# The first redirect to each large copy has it asked for once: a mirror that lacks it is left out.
Verify: {From: 50MB}
${FALLBACKS}
# Clients: curl -fL -C - -O https://dl.example.org/FILE
#          aria2c --follow-metalink=mem https://dl.example.org/FILE.meta4
`,
};
