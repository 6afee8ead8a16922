/** Where the guest of a bake runs, as data: each builder's sources in Packer's template, its settings, its tools. */
import type { Base, Installer, Medium } from './bases/base.ts'
import { HostUnfit } from './host.ts'
import type { Command } from './shell.ts'

/** How a guest comes to its root: our own disk, a cloud image, an installer, a machine that a platform has already. */
type Origin = 'tree' | 'image' | 'iso' | 'template'

/** What a platform's owner sets in the environment; Packer gets it as a variable, in its environment too. */
type Setting = {
  readonly environment: string
  readonly variable: string
  readonly required: boolean
  /** What Packer takes of it; as it is where absent. */
  readonly parse?: (value: string) => string
}

export type Builder = {
  readonly name: string
  /** Best first; `when` names a variable of the environment without which it is not taken. */
  readonly origins: readonly { readonly origin: Origin; readonly source: string; readonly when?: string }[]
  readonly settings: readonly Setting[]
  /** Tools beside those of every bake, with the command that prints their version. */
  readonly tools: Readonly<Record<string, Command>>
  /** Whose name for the distribution Packer takes. */
  readonly guestTypeOf?: keyof Base['guestTypes']
  /** Payload and tree travel on disks of their own, not over SSH. */
  readonly hasDisks: (source: string) => boolean
}

const templateSetting = 'DISPATCH_VSPHERE_TEMPLATE'

/** govc's names, so that whoever deploys by govc has them set. */
const vsphereSettings: readonly Setting[] = [
  { environment: 'GOVC_URL', variable: 'vsphere_server', required: true, parse: parseHost },
  { environment: 'GOVC_USERNAME', variable: 'vsphere_username', required: true },
  { environment: 'GOVC_PASSWORD', variable: 'vsphere_password', required: true },
  { environment: 'GOVC_HOST', variable: 'vsphere_host', required: true },
  { environment: 'GOVC_DATASTORE', variable: 'vsphere_datastore', required: true },
  { environment: 'GOVC_NETWORK', variable: 'vsphere_network', required: true },
  { environment: 'GOVC_DATACENTER', variable: 'vsphere_datacenter', required: false },
  { environment: 'GOVC_FOLDER', variable: 'vsphere_folder', required: false },
  { environment: 'GOVC_RESOURCE_POOL', variable: 'vsphere_resource_pool', required: false },
  { environment: 'GOVC_INSECURE', variable: 'vsphere_insecure', required: false, parse: parseSwitch },
  { environment: templateSetting, variable: 'vsphere_template', required: false },
]

export const builders = {
  qemu: {
    name: 'qemu',
    origins: [
      { origin: 'tree', source: 'qemu.disk' },
      { origin: 'image', source: 'qemu.disk' },
      { origin: 'iso', source: 'qemu.installer' },
    ],
    settings: [],
    tools: {},
    hasDisks: source => source === 'qemu.disk',
  },
  vsphere: {
    name: 'vsphere',
    origins: [
      { origin: 'template', source: 'vsphere-clone.guest', when: templateSetting },
      { origin: 'iso', source: 'vsphere-iso.guest' },
    ],
    settings: vsphereSettings,
    guestTypeOf: 'vsphere',
    tools: {},
    hasDisks: () => false,
  },
  virtualbox: {
    name: 'virtualbox',
    origins: [{ origin: 'iso', source: 'virtualbox-iso.guest' }],
    settings: [],
    guestTypeOf: 'virtualbox',
    tools: { VBoxManage: ['VBoxManage', '--version'] },
    hasDisks: () => false,
  },
} satisfies Readonly<Record<string, Builder>>

export type Environment = Readonly<Record<string, string | undefined>>

/** The guest of one bake: what it starts from, and which of the template's sources runs it. */
export type Guest = {
  readonly source: string
  readonly hasDisks: boolean
  readonly guestType?: string
  /** Packer's variables for this platform; some are secret, so they are never written to a file or an argument. */
  readonly settings: Readonly<Record<string, string>>
} & (
  | { readonly origin: 'tree' }
  | { readonly origin: 'template' }
  | { readonly origin: 'image'; readonly medium: Medium }
  | { readonly origin: 'iso'; readonly medium: Installer }
)

/** Throws HostUnfit where the environment lacks a setting, naming all that it lacks. */
export function planGuest(base: Base, builder: Builder, env: Environment): Guest {
  const settings = readSettings(builder, env)
  const guestType = builder.guestTypeOf && base.guestTypes[builder.guestTypeOf]
  for (const { origin, source, when } of builder.origins) {
    if (when && !env[when]) continue
    const guest = { source, hasDisks: builder.hasDisks(source), settings, ...(guestType ? { guestType } : {}) }
    if (origin === 'image' && base.image) return { ...guest, origin, medium: base.image }
    if (origin === 'iso') return { ...guest, origin, medium: base.iso }
    if (origin === 'tree' && base.hasTree) return { ...guest, origin }
    if (origin === 'template') return { ...guest, origin }
  }
  throw new HostUnfit(`The ${builder.name} builder has no way to a guest of ${base.name}.`)
}

function readSettings({ name, settings }: Builder, env: Environment): Record<string, string> {
  const missing = settings.filter(({ environment, required }) => required && !env[environment])
  if (missing.length > 0) {
    const names = missing.map(({ environment }) => environment).join(', ')
    throw new HostUnfit(
      `The ${name} builder needs to know where to run the guest. Set ${names} in the environment (govc's own names) and run this again.`,
    )
  }
  return Object.fromEntries(
    settings.flatMap(({ environment, variable, parse }) => {
      const value = env[environment]
      return value ? [[variable, parse ? parse(value) : value]] : []
    }),
  )
}

/** GOVC_URL is an address, a host with or without a path, or both. */
function parseHost(address: string): string {
  const url = address.includes('://') ? address : `https://${address}`
  return URL.canParse(url) ? new URL(url).host : address
}

/** As Go reads a switch. */
function parseSwitch(value: string): string {
  return String(['1', 't', 'true'].includes(value.toLowerCase()))
}
