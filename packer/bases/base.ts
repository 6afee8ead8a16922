/** What a base distribution is to the bake: data only, so that another distribution is another file in this folder. */
export type Base = {
  readonly name: string
  /** The release as its package tools call it. */
  readonly suite: string
  readonly architecture: 'amd64'
  /** Seconds since 1970: the latest time stamp of any file in the appliance. A constant, so that two bakes agree. */
  readonly epoch: number
  readonly packages: readonly string[]
  /** Kernel modules of the initial ramdisk: every disk controller that a hypervisor offers, file system, keyboard. */
  readonly initrdModules: readonly string[]
  /** Folders below the kernel's `kernel/` that no virtual machine needs. */
  readonly removedModules: readonly string[]
  /** Paths of the finished tree that are not shipped; shell patterns, relative to the root. */
  readonly removedPaths: readonly string[]
  /** dpkg path patterns never unpacked, and the ones of them kept all the same. */
  readonly excludedPaths: readonly string[]
  readonly includedPaths: readonly string[]
}
