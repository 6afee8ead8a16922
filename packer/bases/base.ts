/** What a base distribution is to the bake: data only, so that another distribution is another file in this folder. */
import type { InitrdTool } from './initrd-tools.ts'
import type { PackageTool } from './package-tools.ts'

/** What the appliance needs of a distribution; each base says which of its packages bring it. */
export type Role =
  | 'init'
  | 'kernel'
  | 'initrd'
  | 'system'
  | 'docker'
  | 'firewall'
  | 'network'
  | 'hypervisor'
  | 'ssh'
  | 'certificates'
  | 'shell'

/** A file that Packer fetches: from where, and by which checksum it is known to be the right one. */
export type Medium = {
  readonly url: string
  /** `sha256:<hex>`, `sha512:<hex>`, or `file:<url>` of the list that the distribution publishes beside it. */
  readonly checksum: string
}

/** An installation medium, and how its installer is made to ask nothing. */
export type Installer = Medium & {
  /** The folder below `packer/answers`. */
  readonly answers: 'autoinstall' | 'preseed' | 'kickstart'
  /** What Packer types at the medium's boot loader (BIOS). */
  readonly bootCommand: readonly string[]
}

/** How the overlay differs on this base; paths are relative to the root. */
export type Overlay = {
  /** Files that only this base has: path to text. */
  readonly files: Readonly<Record<string, string>>
  /** Words of an overlay's file that this base's programs take otherwise. */
  readonly replacements: readonly { readonly path: string; readonly text: string; readonly by: string }[]
}

export type Base = {
  readonly name: string
  /** What the .ova's name says of the base; nothing for the one that is published. */
  readonly nameSuffix: string
  /** The release as its package tools call it. */
  readonly suite: string
  readonly architecture: 'amd64'
  /** Seconds since 1970: the latest time stamp of any file in the appliance. SOURCE_DATE_EPOCH goes before it. */
  readonly epoch: number
  readonly packages: Readonly<Record<Role, readonly string[]>>
  readonly packageTool: PackageTool
  readonly initrdTool: InitrdTool
  /** Kernel modules of the initial ramdisk: every disk controller that a hypervisor offers, file system, keyboard. */
  readonly initrdModules: readonly string[]
  /** Shell patterns below the kernel's `kernel/`: modules that no virtual machine needs. */
  readonly removedModules: readonly string[]
  /** Packages that an installer or a cloud image brings and an appliance has no use for. */
  readonly removedPackages: readonly string[]
  /** Paths of the finished tree that are not shipped; shell patterns, relative to the root. */
  readonly removedPaths: readonly string[]
  /** Path patterns of documents and the like that are not shipped, and the ones of them kept all the same. */
  readonly excludedPaths: readonly string[]
  readonly includedPaths: readonly string[]
  readonly overlay: Overlay
  /** The host installs the packages by mmdebstrap, from an archive of this distribution. */
  readonly hasTree: boolean
  /** The distribution's cloud image, whose cloud-init lets Packer in. */
  readonly image?: Medium
  readonly iso: Installer
  /** The unit that listens for SSH. */
  readonly sshUnit: string
  /** What hypervisors call it: vSphere's guest identifier, VirtualBox' ostype. */
  readonly guestTypes: { readonly vsphere: string; readonly virtualbox: string }
}

/** Every package by name; without `kernel`, those that are installed into a guest, which keeps the kernel it runs. */
export function listPackages({ packages }: Base, without?: Role): string[] {
  return Object.entries(packages).flatMap(([role, names]) => (role === without ? [] : names))
}
