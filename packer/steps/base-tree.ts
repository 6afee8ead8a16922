/** The base distribution as a tar: installed natively by mmdebstrap, pruned to what a virtual machine needs. */
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Base, listPackages } from '../bases/base.ts'
import { type DebianArchive, renderSources } from '../debian-archive.ts'
import { hashText } from '../hash.ts'
import type { Command } from '../shell.ts'
import type { Step } from '../step.ts'
import { lockStep } from './lock.ts'

export const baseTree = { name: 'base-tree', tar: 'tree.tar', packages: 'packages.tsv' }

/** Its name in apt's folder of preferences, as long as packages are installed. */
const pinsFile = 'locked'

export type BaseTreeOptions = {
  readonly base: Base
  readonly archive: DebianArchive
  readonly mmdebstrapVersion: string
}

export function createBaseTreeStep({ base, archive, mmdebstrapVersion }: BaseTreeOptions): Step {
  return {
    name: baseTree.name,
    inputs: done => ({
      base: hashText(JSON.stringify(planInstallation(base))),
      archive: archive.state,
      pins: done.hash(lockStep.name, lockStep.pins),
      mmdebstrap: mmdebstrapVersion,
    }),
    outputs: [baseTree.tar, baseTree.packages],
    async run({ dir, shell, done }) {
      await copyFile(done.file(lockStep.name, lockStep.pins), join(dir, pinsFile))
      await writeFile(join(dir, 'hook.sh'), planHook(base), { mode: 0o755 })
      await writeFile(join(dir, 'initrd-modules'), `${base.initrdModules.join('\n')}\n`)
      const sources = renderSources(await archive.mirrors())
      await shell.run(planMmdebstrap({ base, dir, sources }), {
        env: { SOURCE_DATE_EPOCH: String(base.epoch), TMPDIR: dir },
      })
    },
  }
}

/** All of the base that the tree depends on. */
function planInstallation(base: Base): readonly unknown[] {
  return [base.epoch, base.initrdModules, planHook(base), planMmdebstrap({ base, dir: '', sources: [] })]
}

type Installation = {
  readonly base: Base
  readonly dir: string /** Lines of a sources.list. */
  readonly sources: readonly string[]
}

export function planMmdebstrap({ base, dir, sources }: Installation): Command {
  const initramfs = '"$1"/etc/initramfs-tools'
  return [
    ...['mmdebstrap', '--mode=root', '--variant=minbase', `--architectures=${base.architecture}`, '--components=main'],
    ...[
      '--aptopt=APT::Install-Recommends "false"',
      '--aptopt=Acquire::Languages "none"',
      '--aptopt=Acquire::Retries "3"',
    ],
    '--dpkgopt=force-unsafe-io',
    ...base.excludedPaths.map(path => `--dpkgopt=path-exclude=${path}`),
    ...base.includedPaths.map(path => `--dpkgopt=path-include=${path}`),
    `--include=${listPackages(base).join(',')}`,
    `--setup-hook=mkdir -p "$1"/etc/apt/preferences.d`,
    `--setup-hook=copy-in ${join(dir, pinsFile)} /etc/apt/preferences.d`,
    `--customize-hook=rm "$1"/etc/apt/preferences.d/${pinsFile}`,
    // Before the kernel's package makes the initial ramdisk, so that it is made once, and small.
    `--essential-hook=mkdir -p ${initramfs}/conf.d`,
    `--essential-hook=printf 'MODULES=list\\nCOMPRESS=zstd\\n' > ${initramfs}/conf.d/appliance.conf`,
    `--essential-hook=copy-in ${join(dir, 'initrd-modules')} /tmp`,
    `--essential-hook=mv "$1"/tmp/initrd-modules ${initramfs}/modules`,
    `--customize-hook=${join(dir, 'hook.sh')} "$1" ${join(dir, baseTree.packages)}`,
    base.suite,
    join(dir, baseTree.tar),
    ...sources,
  ]
}

/** Runs on the host at the end of the installation, with the tree and the file for the package list as arguments. */
export function planHook(base: Base): string {
  return `#!/bin/sh
set -eu
# Name, version, architecture and the sha256 of the .deb, as the signed package lists have it; mmdebstrap drops them next.
chroot "$1" dpkg-query -W -f '\${Package}=\${Version}\\n' | chroot "$1" xargs apt-cache show | awk '
  sub(/^Package: /, "") { name = $0 }
  sub(/^Version: /, "") { version = $0 }
  sub(/^Architecture: /, "") { architecture = $0 }
  sub(/^SHA256: /, "") { print name "\\t" version "\\t" architecture "\\t" $0 }
' | sort > "$2"
[ "$(wc -l < "$2")" -eq "$(chroot "$1" dpkg-query -W | wc -l)" ] || {
  echo 'The package lists do not have every package that is installed.' >&2
  exit 1
}
# The mirror of the machine that bakes is nobody else's; an appliance is renewed as a whole.
echo '# No package source is shipped: name a Debian mirror here to install or update packages by hand.' > "$1"/etc/apt/sources.list
cd "$1"
for modules in usr/lib/modules/*; do
  (cd "$modules/kernel" && rm -rf ${base.removedModules.join(' ')})
  chroot "$1" depmod "\${modules##*/}"
done
# A module that stays must find every module that it needs.
export LC_ALL=C
find usr/lib/modules -name '*.ko*' | sed 's|.*/||; s/\\.ko.*//; y/-/_/' | sort -u > "$2.modules"
find usr/lib/modules -name '*.ko*' | chroot "$1" xargs modinfo -F depends | tr , '\\n' | sed '/^$/d; y/-/_/' | sort -u > "$2.needed"
missing=$(comm -23 "$2.needed" "$2.modules")
[ -z "$missing" ] || { printf 'Modules that stay need removed ones:\\n%s\\n' "$missing" >&2; exit 1; }
rm -rf ${base.removedPaths.join(' ')}
`
}
