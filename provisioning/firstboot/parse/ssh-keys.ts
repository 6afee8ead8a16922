/** Public keys for SSH: known types, sound, and plain. A key with options is refused, for without them it would allow more. */
import { type Outcome, quote, type ValueReader } from './reading.ts'

const settingKey = 'appliance.ssh_keys'
const minRsaBits = 2048
const maxRsaBits = 16384

/** Fields behind the type, of a blob as RFC 4253 writes it: what each must be. */
type Check = (field: Buffer) => boolean
const hasBytes =
  (bytes: number): Check =>
  field =>
    field.length === bytes
const is =
  (text: string): Check =>
  field =>
    field.toString('latin1') === text
const some: Check = field => field.length > 0
const isPoint =
  (bytes: number): Check =>
  field =>
    field.length === 1 + 2 * bytes && field[0] === 4
const isModulus: Check = field => {
  const bits = BigInt(`0x0${field.toString('hex')}`).toString(2).length
  return bits >= minRsaBits && bits <= maxRsaBits
}

const types: Readonly<Record<string, readonly Check[]>> = {
  'ssh-ed25519': [hasBytes(32)],
  'ssh-rsa': [some, isModulus],
  'ecdsa-sha2-nistp256': [is('nistp256'), isPoint(32)],
  'ecdsa-sha2-nistp384': [is('nistp384'), isPoint(48)],
  'ecdsa-sha2-nistp521': [is('nistp521'), isPoint(66)],
  'sk-ssh-ed25519@openssh.com': [hasBytes(32), some],
  'sk-ecdsa-sha2-nistp256@openssh.com': [is('nistp256'), isPoint(32), some],
}
const typeNames = Object.keys(types)

/** Undefined where a length does not fit. */
function readFields(blob: Buffer): readonly Buffer[] | undefined {
  const fields: Buffer[] = []
  let at = 0
  while (at < blob.length) {
    if (at + 4 > blob.length) return undefined
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) return undefined
    fields.push(blob.subarray(at + 4, end))
    at = end
  }
  return fields
}

function findProblem(type: string, base64: string): string | undefined {
  const blob = Buffer.from(base64, 'base64')
  const [name, ...fields] = readFields(blob) ?? []
  const checks = types[type] ?? []
  if (name === undefined || blob.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, ''))
    return 'its second part is cut off or is no base64'
  if (name.toString('latin1') !== type) return `what it holds is not a key of type ${type}`
  const isSound = fields.length === checks.length && checks.every((check, at) => check(fields[at] ?? Buffer.alloc(0)))
  if (isSound) return undefined
  return type === 'ssh-rsa' ? `it has fewer than ${minRsaBits} bits, or is no RSA key` : 'it is not a key of its type'
}

export function parseSshKey(line: string): Outcome<string> {
  const [type = '', base64 = '', ...comment] = line.trim().split(/\s+/)
  const refuse = (why: string) => ({ problem: `the key that begins with ${quote(line.trim().slice(0, 40))}: ${why}` })
  if (!Object.hasOwn(types, type)) {
    const hasOptions = typeNames.some(name => line.includes(`${name} `))
    return refuse(
      hasOptions ? 'it has options, or something else in front' : `its type is none of ${typeNames.join(', ')}`,
    )
  }
  if (comment.some(word => typeNames.includes(word)))
    return refuse('there is another one in its line: separate them by ;')
  if (/\p{C}/u.test(comment.join(''))) return refuse('there are control characters in its comment')
  const problem = findProblem(type, base64)
  return problem === undefined ? { value: [type, base64, ...comment].join(' ') } : refuse(problem)
}

export function readSshKeys(reader: ValueReader): readonly string[] {
  const lines = (reader.text(settingKey) ?? '').split(/[\r\n;]+/).map(line => line.trim())
  return reader.each(
    settingKey,
    lines.filter(line => line !== '' && !line.startsWith('#')),
    parseSshKey,
  )
}
