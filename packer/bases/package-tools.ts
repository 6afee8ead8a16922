/** Package tools as data: what each family of distributions is told, in a guest by sh and for a tree on the host. */
import type { Command } from '../shell.ts'

export type PackageTool = {
  /** The type of its packages in package URLs. */
  readonly urlType: 'deb' | 'rpm'
  /** Beginnings of lines of sh; names of packages follow `install`, `remove` and `isInstalled`. */
  readonly refresh: string
  readonly install: string
  readonly remove: string
  readonly isInstalled: string
  readonly clean: string
  /** Prints the packages of an unpacked tree: name, version, architecture, tab-separated. */
  readonly planList: (treeDir: string) => Command
}

const aptGet = 'DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes'

export const apt: PackageTool = {
  urlType: 'deb',
  // An image's own first boot may still hold the lock.
  refresh: `${aptGet} -o DPkg::Lock::Timeout=600 update`,
  install: `${aptGet} -o DPkg::Lock::Timeout=600 -o DPkg::Options::=--force-unsafe-io --no-install-recommends install`,
  remove: `${aptGet} --autoremove purge`,
  isInstalled: 'dpkg-query --show',
  clean: `${aptGet} clean`,
  planList: treeDir => {
    const format = '--showformat=$' + '{Package}\\t$' + '{Version}\\t$' + '{Architecture}\\n'
    return ['dpkg-query', `--admindir=${treeDir}/var/lib/dpkg`, format, '--show']
  },
}

export const tdnf: PackageTool = {
  urlType: 'rpm',
  refresh: 'tdnf --assumeyes makecache',
  install: 'tdnf --assumeyes install',
  remove: 'tdnf --assumeyes remove',
  isInstalled: 'rpm --query',
  clean: 'tdnf clean all',
  // By the tree's own rpm: a host's reads other formats of the database.
  planList: treeDir => {
    const format = '%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\n'
    return ['chroot', treeDir, 'rpm', '--query', '--all', '--queryformat', format]
  },
}
