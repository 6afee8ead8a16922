/** The settings that whoever deploys the appliance may give it, as data: descriptor, first boot and documents follow it. */
export type PropertyClass = 'appliance' | 'network' | 'dispatch' | 'vm'

export interface ApplianceProperty {
  class: PropertyClass
  /** In the guest it is `class.key`. */
  key: string
  type: 'string' | 'boolean'
  /** Forms sort by this text. */
  label: string
  description: string
  /** What is done where a given value cannot be used; of a list, where a part of it cannot. */
  instead: string
  /** Legal as it is, so that nobody must fill anything in. Empty where absent. */
  default?: string
  /** Of a value that is given; an empty one is always allowed, so no qualifier can say it. */
  minLength?: number
  maxLength?: number
  /** Forms hide what is typed, and nobody logs it. */
  password?: true
  /** Not offered to whoever deploys. */
  fixed?: true
}

const pemLength = 65535

/** What forms put above the properties of a class. */
export const categories: Readonly<Record<PropertyClass, string>> = {
  appliance: '1. Appliance Configuration',
  network: '2. Networking Properties',
  dispatch: '3. Dispatch',
  vm: '4. Virtual Machine',
}

/** Keys, types and labels of the first eleven, and `vm.vmname`, are those of the original: scripts that deploy it go on working. */
export const properties: readonly ApplianceProperty[] = [
  {
    class: 'appliance',
    key: 'root_pwd',
    type: 'string',
    label: '1.1. Root Password',
    description: 'Password of root, 8 characters or more. Empty: root stays locked.',
    instead: 'root stays locked',
    minLength: 8,
    password: true,
  },
  {
    class: 'appliance',
    key: 'permit_root_login',
    type: 'boolean',
    label: '1.2. Permit Root Login',
    description: 'Whether root may log in over SSH.',
    instead: 'root may not log in over SSH',
    default: 'true',
  },
  {
    class: 'appliance',
    key: 'tls_cert',
    type: 'string',
    label: '1.3. Appliance TLS Certificate',
    description: 'PEM, or base64 of PEM; a chain is allowed. Empty: the appliance makes one.',
    instead: 'the appliance makes its own certificate',
    maxLength: pemLength,
  },
  {
    class: 'appliance',
    key: 'tls_cert_key',
    type: 'string',
    label: '1.4. Appliance TLS Certificate Key',
    description: 'The key of the certificate, as PEM or base64 of PEM, not encrypted.',
    instead: 'the appliance makes its own certificate',
    maxLength: pemLength,
    password: true,
  },
  {
    class: 'appliance',
    key: 'ca_cert',
    type: 'string',
    label: '1.5. Certificate Authority Certificate',
    description: 'PEM, or base64 of PEM, of an authority that the appliance shall trust.',
    instead: 'it is not trusted; the others are',
    maxLength: pemLength,
  },
  {
    class: 'appliance',
    key: 'ssh_keys',
    type: 'string',
    label: '1.6. SSH Authorized Keys',
    description: 'Public keys that may log in over SSH: one a line, or separated by semicolons.',
    instead: 'it is left out; the others are used',
    maxLength: pemLength,
  },
  {
    class: 'network',
    key: 'ip0',
    type: 'string',
    label: '2.1. Network IP Address',
    description: 'IPv4 or IPv6 address, with or without a prefix as in 10.0.0.5/24. Empty: DHCP.',
    instead: 'DHCP is used',
  },
  {
    class: 'network',
    key: 'netmask0',
    type: 'string',
    label: '2.2. Network Netmask',
    description: 'Mask or prefix, where the address has none: 255.255.255.0 or 24.',
    instead: 'DHCP is used',
  },
  {
    class: 'network',
    key: 'gateway',
    type: 'string',
    label: '2.3. Default Gateway',
    description: 'Address of the gateway, within the network of the address.',
    instead: 'DHCP is used',
  },
  {
    class: 'network',
    key: 'DNS',
    type: 'string',
    label: '2.4. Domain Name Servers',
    description: 'Addresses, separated by blanks or commas.',
    instead: 'it is left out; with none, those that the network says are used',
  },
  {
    class: 'network',
    key: 'searchpath',
    type: 'string',
    label: '2.5. Domain Search Path',
    description: 'Domains, separated by blanks or commas.',
    instead: 'it is left out; with none, those that the network says are used',
  },
  {
    class: 'network',
    key: 'fqdn',
    type: 'string',
    label: '2.6. FQDN',
    description: 'Full host name; it also stands first in the certificate that the appliance makes.',
    instead: 'its name is dispatch',
  },
  {
    class: 'network',
    key: 'ntp',
    type: 'string',
    label: '2.7. NTP Servers',
    description: 'Names or addresses, separated by blanks or commas.',
    instead: 'it is left out; with none, those that the network says or the distribution names are used',
  },
  {
    class: 'network',
    key: 'http_proxy',
    type: 'string',
    label: '2.8. HTTP Proxy',
    description: 'URL of the proxy for HTTP, used to fetch and build images.',
    instead: 'no proxy is used for HTTP',
  },
  {
    class: 'network',
    key: 'https_proxy',
    type: 'string',
    label: '2.9. HTTPS Proxy',
    description: 'URL of the proxy for HTTPS, used to fetch and build images.',
    instead: 'no proxy is used for HTTPS',
  },
  {
    class: 'network',
    key: 'no_proxy',
    type: 'string',
    label: '2.10. No Proxy',
    description: 'Hosts and networks that are reached without a proxy, separated by commas.',
    instead: 'it is left out; the others are used',
  },
  {
    class: 'network',
    key: 'docker_cidr',
    type: 'string',
    label: '2.11. Container Network',
    description: 'Network of the containers, as in 172.30.0.0/16, where the default one is used on site.',
    instead: "Docker's own choice is used",
  },
  {
    class: 'dispatch',
    key: 'admin_pwd',
    type: 'string',
    label: '3.1. Dispatch Admin Password',
    description:
      'Password of the administrator, 12 characters or more: with it the instance is ready without any further step.',
    instead: 'the instance stays unclaimed, and shows its set-up page',
    password: true,
  },
  {
    class: 'dispatch',
    key: 'organization',
    type: 'string',
    label: '3.2. Organization',
    description: 'The organization that callers are in when they name none.',
    instead: 'the organization is dispatch',
    default: 'dispatch',
  },
  {
    class: 'vm',
    key: 'vmname',
    type: 'string',
    label: '4.1. Name',
    description: 'What the original called its machine.',
    instead: 'it is not looked at',
    default: 'dispatch',
    fixed: true,
  },
]

export const guestKey = ({ class: group, key }: ApplianceProperty): string => `${group}.${key}`
