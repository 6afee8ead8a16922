/** What would become of values, as a table and as the steps of a fresh appliance. Nothing secret is in it. */
import { isKnownKey } from '../parse/instead.ts'
import { isAbsent } from '../parse/reading.ts'
import { parseValues } from '../parse/values.ts'
import { planSteps } from '../plan/plan.ts'
import type { Facts } from '../plan/step.ts'
import { renderPlan } from '../plan/table.ts'
import { showValue } from '../secret-values.ts'
import type { Fault } from '../settings.ts'
import type { Given } from './read-text.ts'

/** As the image is. */
const fresh: Facts = {
  base: 'debian',
  links: [],
  hostName: 'dispatch',
  passwords: [],
  authorityFiles: [],
}

const maxShown = 44
/** Taken together or not at all. */
const groups = [
  ['network.ip0', 'network.netmask0', 'network.gateway'],
  ['appliance.tls_cert', 'appliance.tls_cert_key'],
]

function renderValue(key: string, text: string): string {
  if (isAbsent(text)) return ''
  const shown = showValue(key, text)
  if (shown === undefined) return '(given)'
  const plain = shown.replace(/[\p{C}\u2028\u2029]/gu, ' ')
  return plain.length > maxShown ? `(${shown.length} characters)` : plain
}

const renderFault = ({ problem, instead }: Fault): string => `FAULT: ${problem}; ${instead}`

function renderVerdict(key: string, text: string, faults: readonly Fault[]): string {
  const own = faults.filter(fault => fault.key === key)
  if (own.length > 0) return own.map(renderFault).join(' | ')
  if (isAbsent(text)) return 'not given'
  if (!isKnownKey(key)) return 'not looked at'
  const group = groups.find(keys => keys.includes(key)) ?? []
  const other = faults.find(fault => group.includes(fault.key))
  return other === undefined ? 'taken' : `not taken, for ${other.key} is not`
}

function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map(row => (row[at] ?? '').length))) ?? []
  const render = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')
  return rows.map(row => `${render(row).trimEnd()}\n`).join('')
}

export interface Preview {
  readonly text: string
  readonly hasFaults: boolean
}

export function renderPreview({ values, form, faults: ofForm }: Given, nowMs: number): Preview {
  const { settings, credentials, faults: ofValues } = parseValues(values, nowMs)
  const faults = [...ofForm, ...ofValues]
  const keys = [...new Set([...Object.keys(values), ...faults.map(({ key }) => key)])]
  const rows = keys.map(key => {
    const text = values[key] ?? ''
    return [key, renderValue(key, text), key in values ? form : '', renderVerdict(key, text, faults)]
  })
  const table = renderTable([['KEY', 'VALUE', 'SOURCE', 'VERDICT'], ...rows])
  const claim = credentials.adminPassword === undefined ? 'waits for a claim' : 'is claimed'
  const plan = renderPlan(planSteps(settings, fresh, credentials))
  const text = `${table}\nA fresh appliance ${claim} afterwards. It does this:\n\n${plan}`
  return { text, hasFaults: faults.length > 0 }
}
