/** What the set-up page asks for, as data: form, review and checks follow it. */

export type FieldId =
  | 'code'
  | 'password'
  | 'repeated'
  | 'sshKeys'
  | 'fqdn'
  | 'address'
  | 'netmask'
  | 'gateway'
  | 'nameServers'
  | 'searchDomains'
  | 'mtu'
  | 'containerNetwork'
  | 'timeServers'
  | 'httpProxy'
  | 'httpsProxy'
  | 'noProxy'
  | 'chain'
  | 'privateKey'

export type ChoiceId = 'addressing' | 'certificate'
export type SectionId = 'code' | 'administrator' | 'ssh' | 'network' | 'services' | 'certificate'

export interface Field {
  readonly id: FieldId
  /** As in an import; without one it goes to nobody by this name. */
  readonly key?: string
  readonly shape: 'line' | 'password' | 'lines'
  readonly maxLength: number
  /** Never given back, neither after a fault nor for a review. */
  readonly isSecret?: true
  readonly isRequired?: true
  /** Machine text: addresses, keys, certificates. */
  readonly isTechnical?: true
  readonly autocomplete?: string
  /** Counts only with the second option of this choice. */
  readonly choice?: ChoiceId
  /** May also come as a file, by this name in the form. */
  readonly fileName?: string
}

export type OptionId = 'dhcp' | 'fixed' | 'keep' | 'own'

const pemLength = 65_535
const line = { shape: 'line', maxLength: 1024, isTechnical: true } as const
const fixed = { ...line, choice: 'addressing' } as const
const pem = { shape: 'lines', maxLength: pemLength, isTechnical: true, choice: 'certificate' } as const
const password = { shape: 'password', maxLength: 1024, isSecret: true, isRequired: true } as const

export const fields: Readonly<Record<FieldId, Field>> = {
  code: { ...line, id: 'code', maxLength: 64, isSecret: true, isRequired: true, autocomplete: 'off' },
  password: { ...password, id: 'password', key: 'dispatch.admin_pwd', autocomplete: 'new-password' },
  repeated: { ...password, id: 'repeated', autocomplete: 'new-password' },
  sshKeys: { id: 'sshKeys', key: 'appliance.ssh_keys', shape: 'lines', maxLength: pemLength, isTechnical: true },
  fqdn: { ...line, id: 'fqdn', key: 'network.fqdn' },
  address: { ...fixed, id: 'address', key: 'network.ip0' },
  netmask: { ...fixed, id: 'netmask', key: 'network.netmask0' },
  gateway: { ...fixed, id: 'gateway', key: 'network.gateway' },
  nameServers: { ...line, id: 'nameServers', key: 'network.DNS' },
  searchDomains: { ...line, id: 'searchDomains', key: 'network.searchpath' },
  mtu: { ...line, id: 'mtu', key: 'network.mtu' },
  containerNetwork: { ...line, id: 'containerNetwork', key: 'network.docker_cidr' },
  timeServers: { ...line, id: 'timeServers', key: 'network.ntp' },
  httpProxy: { ...line, id: 'httpProxy', key: 'network.http_proxy' },
  httpsProxy: { ...line, id: 'httpsProxy', key: 'network.https_proxy' },
  noProxy: { ...line, id: 'noProxy', key: 'network.no_proxy' },
  chain: { ...pem, id: 'chain', key: 'appliance.tls_cert', fileName: 'chainFile' },
  privateKey: { ...pem, id: 'privateKey', key: 'appliance.tls_cert_key', isSecret: true, fileName: 'privateKeyFile' },
}

/** With the second option the fields below it count. */
export const choices: Readonly<Record<ChoiceId, readonly [OptionId, OptionId]>> = {
  addressing: ['dhcp', 'fixed'],
  certificate: ['keep', 'own'],
}

/** In the order in which they stand on the page; what is seldom needed is folded away. */
export interface Section {
  readonly id: SectionId
  readonly before: readonly FieldId[]
  readonly choice?: ChoiceId
  readonly after: readonly FieldId[]
  readonly folded: readonly FieldId[]
}

export const sections: readonly Section[] = [
  { id: 'code', before: ['code'], after: [], folded: [] },
  { id: 'administrator', before: ['password', 'repeated'], after: [], folded: [] },
  { id: 'ssh', before: ['sshKeys'], after: [], folded: [] },
  {
    id: 'network',
    before: ['fqdn'],
    choice: 'addressing',
    after: ['address', 'netmask', 'gateway', 'nameServers', 'searchDomains'],
    folded: ['mtu', 'containerNetwork'],
  },
  { id: 'services', before: ['timeServers', 'httpProxy', 'httpsProxy', 'noProxy'], after: [], folded: [] },
  { id: 'certificate', before: [], choice: 'certificate', after: ['chain', 'privateKey'], folded: [] },
]

export const fieldsOf = ({ before, after, folded }: Section): readonly Field[] =>
  [...before, ...after, ...folded].map(id => fields[id])

export const allFields: readonly Field[] = sections.flatMap(fieldsOf)
