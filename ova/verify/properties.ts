/** Checks the properties of a descriptor: whoever deploys must be able to leave each of them as it is. */
import { quote, type Report } from './check.ts'
import { childrenNamed, descendantsNamed, type ParsedElement } from './xml.ts'

const whole = (min: bigint, max: bigint) => (value: string) =>
  /^-?\d{1,20}$/.test(value) && BigInt(value) >= min && BigInt(value) <= max

const isReal = (value: string) => /^-?\d{1,20}(\.\d{1,20})?$/.test(value)

/** Types of DSP0243 9.5 and the `int` of VMware, and which defaults they take. Only a string can be empty. */
const types: Readonly<Record<string, (value: string) => boolean>> = {
  string: () => true,
  boolean: value => value === 'true' || value === 'false',
  int: whole(-(2n ** 31n), 2n ** 31n - 1n),
  ...Object.fromEntries(
    [8n, 16n, 32n, 64n].flatMap(bits => [
      [`uint${bits}`, whole(0n, 2n ** bits - 1n)],
      [`sint${bits}`, whole(-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n)],
    ]),
  ),
  real32: isReal,
  real64: isReal,
}

/** `MinLen(8),MaxLen(64)` and `ValueMap{"a","b"}`, separated by commas, and nothing else. */
const qualifier = /^(?:(MinLen|MaxLen|MinValue|MaxValue)\((-?\d{1,9})\)|(ValueMap)\{("[^"]*"(?:,"[^"]*")*)\})(?:,|$)/

interface Qualifier {
  name: string
  allows(value: string): boolean
}

/** Undefined where the text is no list of qualifiers. */
function parseQualifiers(text: string): Qualifier[] | undefined {
  const found: Qualifier[] = []
  for (let rest = text; rest !== ''; ) {
    const match = qualifier.exec(rest)
    if (!match || match[0].length === 0) return undefined
    const [all, name = 'ValueMap', limit = '', , map = ''] = match
    const bound = Number(limit)
    const rules: Readonly<Record<string, (value: string) => boolean>> = {
      MinLen: value => value.length >= bound,
      MaxLen: value => value.length <= bound,
      MinValue: value => Number(value) >= bound,
      MaxValue: value => Number(value) <= bound,
      ValueMap: value => map.split(',').includes(`"${value}"`),
    }
    found.push({ name, allows: rules[name] ?? (() => false) })
    rest = rest.slice(all.length)
    if (rest === '' && all.endsWith(',')) return undefined
  }
  return found
}

function checkDefault(property: ParsedElement, key: string, report: Report): void {
  const value = property.attributes.get('ovf:value') ?? ''
  const type = property.attributes.get('ovf:type') ?? ''
  const isLegal = types[type]
  if (!isLegal) report(property.offset, `${key} has the type ${quote(type)}`, Object.keys(types).join(', '))
  else if (!isLegal(value)) {
    report(property.offset, `the default of ${key} is ${quote(value)}`, `a value of type ${type}`)
  }
  const text = property.attributes.get('ovf:qualifiers') ?? ''
  const qualifiers = parseQualifiers(text)
  if (!qualifiers)
    report(property.offset, `${key} has the qualifiers ${quote(text)}`, 'MinLen(n),MaxLen(n) and the like')
  for (const { name, allows } of qualifiers ?? []) {
    if (allows(value)) continue
    const problem = `${key} cannot be left as it is: its default ${quote(value)} breaks ${name}`
    report(property.offset, problem, 'a default, or an empty value, that the qualifiers allow')
  }
}

function checkFlags(property: ParsedElement, key: string, report: Report): void {
  for (const name of ['ovf:userConfigurable', 'ovf:password']) {
    const value = property.attributes.get(name)
    if (value !== undefined && value !== 'true' && value !== 'false') {
      report(property.offset, `${name} of ${key} is ${quote(value)}`, 'true or false')
    }
  }
  const isAsked = property.attributes.get('ovf:userConfigurable') === 'true'
  if (isAsked && childrenNamed(property, 'Label').length === 0) report(property.offset, `${key} has no Label`, 'one')
}

/** Without a transport the guest gets no property, and without properties a transport is an empty promise. */
function checkTransport(root: ParsedElement, hasProperties: boolean, report: Report): void {
  const [hardware] = descendantsNamed(root, 'VirtualHardwareSection')
  if (!hardware) return
  const transport = hardware.attributes.get('ovf:transport')
  const expected = hasProperties ? 'com.vmware.guestInfo' : undefined
  if (transport === expected) return
  report(
    hardware.offset,
    `ovf:transport is ${quote(transport ?? 'absent')}`,
    expected ?? 'none, for there are no properties',
  )
}

export function checkProperties(root: ParsedElement, report: Report): void {
  const keys = new Set<string>()
  const sections = descendantsNamed(root, 'ProductSection')
  for (const section of sections) {
    const classOf = section.attributes.get('ovf:class')
    for (const property of childrenNamed(section, 'Property')) {
      const own = property.attributes.get('ovf:key') ?? ''
      const parts = [classOf, own, section.attributes.get('ovf:instance')].filter(part => part !== undefined)
      const key = quote(parts.join('.'))
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(own))
        report(property.offset, `the key ${quote(own)}`, 'letters, digits, _ and -')
      if (keys.has(key)) report(property.offset, `the property ${key} is there twice`, 'every key once')
      keys.add(key)
      checkDefault(property, key, report)
      checkFlags(property, key, report)
    }
  }
  checkTransport(root, keys.size > 0, report)
}
