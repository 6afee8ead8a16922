/** What stands in the form: read from a request, filled in from settings, and turned into the values that the agent takes. */
import type { SettingsAnswer } from '../appliance/control.ts'
import type { Fault, Values } from '../firstboot/settings.ts'
import { allFields, type ChoiceId, choices, type FieldId, fields, type OptionId } from './fields.ts'

export type Entries = Readonly<Record<FieldId, string> & Record<ChoiceId, OptionId>>

/** Words of the catalogue for what this page finds by itself; the agent's own stand as they come. */
type Finding =
  | 'code.missing'
  | 'password.missing'
  | 'repeated.differs'
  | 'address.missing'
  | 'chain.missing'
  | 'privateKey.missing'
export type Complaint = Finding | 'code.wrong'
export interface Problem {
  /** undefined: of nothing that this page asks for. */
  readonly field: FieldId | undefined
  readonly complaint?: Complaint
  /** The agent's own words, in English. */
  readonly told?: string
}

const optionOf = (id: ChoiceId, text: string | undefined): OptionId => {
  const [first, second] = choices[id]
  return text === second ? second : first
}

/** Lines end as on the appliance, whatever browsers make of them. */
const clean = (text: string, id: FieldId): string => {
  const plain = text.replaceAll('\r\n', '\n')
  return fields[id].shape === 'password' ? plain : plain.trim()
}

/** Of fields that are not there nothing was entered. */
export function readEntries(given: (name: string) => string | undefined): Entries {
  const texts = allFields.map(({ id, fileName }) => [id, clean((fileName && given(fileName)) || (given(id) ?? ''), id)])
  const chosen = (['addressing', 'certificate'] as const).map(id => [id, optionOf(id, given(id))])
  return Object.fromEntries([...texts, ...chosen]) as Entries
}

/** What was set stands in the form already, and below a choice that was not made what is there now. */
export function fillIn({ values, present }: SettingsAnswer): Entries {
  const addressing = (values['network.ip0'] ?? '') === '' ? 'dhcp' : 'fixed'
  return readEntries(name => {
    if (name === 'addressing') return addressing
    const { key, isSecret, choice } = allFields.find(({ id }) => id === name) ?? {}
    if (key === undefined || isSecret || choice === 'certificate') return ''
    return choice === 'addressing' && addressing === 'dhcp' ? present[key] : values[key]
  })
}

export const withoutSecrets = (entries: Entries): Entries =>
  readEntries(name => (allFields.some(({ id, isSecret }) => id === name && isSecret) ? '' : Reflect.get(entries, name)))

/** A field whose choice is made otherwise counts as empty. */
export function isUsed(id: FieldId, entries: Entries): boolean {
  const { choice } = fields[id]
  return choice === undefined || entries[choice] === choices[choice][1]
}

/** Everything that the form says, blanks too: what was emptied is not to stay as it was. The certificate stays unless there is another. */
export function toValues(entries: Entries): Values {
  const pairs = allFields.flatMap(({ id, key, choice }) => {
    if (key === undefined || (choice === 'certificate' && !isUsed(id, entries))) return []
    return [[key, isUsed(id, entries) ? entries[id] : '']]
  })
  return Object.fromEntries(pairs)
}

/** Where the machine will be; by DHCP nobody knows. */
export interface Move {
  readonly address: string | undefined
}

/** undefined: it stays where it is. */
export function planMove(present: Entries, wanted: Entries): Move | undefined {
  const reach = (entries: Entries) =>
    (['address', 'netmask', 'gateway'] as const).map(id => isUsed(id, entries) && entries[id])
  const others = ({ mtu, containerNetwork }: Entries) => [mtu, containerNetwork]
  if (String([reach(present), others(present)]) === String([reach(wanted), others(wanted)])) return undefined
  return { address: wanted.addressing === 'fixed' ? wanted.address.split('/')[0] : undefined }
}

/** Before the agent is asked; while somebody is still typing nothing is missing yet. */
export function findComplaints(entries: Entries, isComplete: boolean): readonly Problem[] {
  const { code, password, repeated, addressing, address, certificate, chain, privateKey } = entries
  const own = certificate === 'own'
  const found: Record<Finding, boolean> = {
    'code.missing': isComplete && code === '',
    'password.missing': isComplete && password === '',
    'repeated.differs': password !== repeated && (isComplete || (password !== '' && repeated !== '')),
    'address.missing': isComplete && addressing === 'fixed' && address === '',
    'chain.missing': isComplete && own && chain === '',
    'privateKey.missing': isComplete && own && privateKey === '',
  }
  const names = Object.keys(found) as Finding[]
  return names.filter(name => found[name]).map(name => ({ field: name.split('.')[0] as FieldId, complaint: name }))
}

/** In the order of the page. */
export function toProblems(faults: readonly Fault[], complaints: readonly Problem[] = []): readonly Problem[] {
  const told = faults.map(({ key, problem }) => ({
    field: allFields.find(field => field.key === key)?.id,
    told: problem,
  }))
  const all: readonly Problem[] = [...complaints, ...told]
  return [...allFields.flatMap(({ id }) => all.filter(({ field }) => field === id)), ...all.filter(p => !p.field)]
}
