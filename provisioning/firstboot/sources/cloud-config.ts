/** What is taken of cloud-init's NoCloud files: a host name, SSH keys, and the password of `admin`. */
import { parse } from 'yaml'
import { insteadOf } from '../parse/instead.ts'
import type { Fault, Values } from '../settings.ts'

/** The account that people log in by; `default` is what cloud-init calls it. */
const adminNames = ['admin', 'default']
const passwordKey = 'dispatch.admin_pwd'
/** crypt(3): `$6$...`. */
const hash = /^\$[\w-]+\$.*\$/

export interface Taken {
  readonly values: Values
  readonly faults: readonly Fault[]
}
interface Password {
  readonly text: string
  readonly isHash: boolean
}

type Tree = Readonly<Record<string, unknown>>

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? value.split('\n') : []
const treesOf = (value: unknown): readonly Tree[] => listOf(value).filter(isTree)
const textsOf = (value: unknown): readonly string[] => listOf(value).flatMap(each => textOf(each)?.trim() || [])

/** All scalars stay text as it is written: a password of digits, or `no`. Throws an Error without the text. */
function parseYaml(text: string): Tree {
  try {
    const tree: unknown = parse(text, { schema: 'failsafe', logLevel: 'error', maxAliasCount: 100 })
    if (isTree(tree)) return tree
  } catch {
    // What the parser says quotes the text, which may hold a password.
    throw new Error('it is no YAML that can be read')
  }
  if (text.trim() === '') return {}
  throw new Error('it is no YAML of keys and values')
}

/** `admin:password`, as chpasswd(8) reads it. */
const readLines = (list: unknown): readonly Password[] =>
  listOf(list).flatMap(line => {
    const [name = '', ...rest] = (textOf(line) ?? '').replace(/\r$/, '').split(':')
    const text = rest.join(':')
    return adminNames.includes(name) ? [{ text, isHash: hash.test(text) }] : []
  })

const readUsers = (users: readonly Tree[]): readonly Password[] =>
  users
    .filter(({ name }) => adminNames.includes(textOf(name) ?? ''))
    .flatMap(({ password, plain_text_passwd, passwd, hashed_passwd, type }) =>
      [
        ...[textOf(password), textOf(plain_text_passwd)].map(text => ({ text, isHash: false })),
        ...[textOf(passwd), textOf(hashed_passwd)].map(text => ({ text, isHash: true })),
      ].flatMap(({ text, isHash }) =>
        text === undefined
          ? []
          : [{ text: type === 'RANDOM' ? 'R' : text, isHash: isHash || type === 'hash' || hash.test(text) }],
      ),
    )

function findPasswords(config: Tree): readonly Password[] {
  const top = textOf(config.password)
  const chpasswd = isTree(config.chpasswd) ? config.chpasswd : {}
  return [
    ...(top === undefined ? [] : [{ text: top, isHash: hash.test(top) }]),
    ...readLines(chpasswd.list),
    ...readUsers(treesOf(chpasswd.users)),
    ...readUsers(treesOf(config.users)),
  ]
}

/** Throws an Error where either cannot be read. */
export function readCloudConfig(userData: string, metaData: string): Taken {
  if (userData.trim() !== '' && !/^#cloud-config\s*$/m.test(userData.split('\n')[0] ?? ''))
    throw new Error('its user-data does not begin with #cloud-config: nothing else is read, and no script is run')
  const [config, meta] = [parseYaml(userData), parseYaml(metaData)]
  const passwords = findPasswords(config)
  const password = passwords.find(({ isHash }) => !isHash)?.text
  const name = [config.fqdn, config.hostname, meta['local-hostname'], meta.hostname].map(textOf).find(Boolean)
  const keys = [config, ...treesOf(config.users)].flatMap(({ ssh_authorized_keys }) => textsOf(ssh_authorized_keys))
  const given = { 'network.fqdn': name, 'appliance.ssh_keys': keys.join('\n'), [passwordKey]: password }
  const isRefused = password === undefined && passwords.length > 0
  return {
    values: Object.fromEntries(Object.entries(given).flatMap(([key, text]) => (text ? [[key, text]] : []))),
    faults: isRefused
      ? [{ key: passwordKey, problem: 'CIDATA holds a hash of it, not itself', instead: insteadOf(passwordKey) }]
      : [],
  }
}
