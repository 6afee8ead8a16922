/** The upper half of the status page: the state, and what there is to do. */
import type { StateName, Status } from '../appliance/status.ts'
import { describeClosing, describeWait, inSeconds } from './durations.ts'
import { foldList, type Section } from './fold.ts'
import { isOffered } from './menu.ts'
import { createList, createSection, labelled, priorities, type Room } from './sections.ts'
import { bold, breakAddress, reverse, widthOf, wrap } from './text.ts'
import type { Shown } from './view.ts'

const sentences: Readonly<Record<StateName, string>> = {
  booting: 'The appliance is starting.',
  unclaimed: 'Open the set-up page in a browser and enter the setup code.',
  ready: 'Everything works.',
  degraded: 'Something does not work as it should.',
  resetting: 'Identity and data are being erased. Do not switch off.',
}

const isAsAsked = ({ health, faults, addresses }: Status): boolean =>
  faults.length === 0 && health.every(({ ok }) => ok) && addresses.every(({ asked }) => asked?.matches !== false)

function describeState({ status }: Shown): string {
  const { state, setup, urls } = status
  if (state === 'unclaimed' && setup?.isOpen === false) return 'Nobody has set this appliance up in time.'
  if (state === 'ready' && !isAsAsked(status)) return 'It works, but not all is as it was asked for.'
  if (state === 'unclaimed' && urls.length === 0) return 'Set-up waits for a network.'
  return sentences[state]
}

/** The badge takes the place of the label. */
export function renderState(shown: Shown, { width }: Room): Section {
  const badge = ` ${reverse(` ${shown.status.state.toUpperCase()} `)}`
  const [first = '', ...rest] = labelled('', wrap(describeState(shown), width))
  return { forms: [[badge + first.slice(widthOf(badge)), ...rest]], priority: priorities.state }
}

export function renderReasons({ status: { reasons } }: Shown, { width }: Room): Section | undefined {
  const items = reasons.map(reason => wrap(reason, width))
  return createList('', items, priorities.reasons)
}

export function renderTrial({ status: { trial } }: Shown, { width, nowMs }: Room): Section | undefined {
  if (!trial) return undefined
  const says = `on trial: back to the former one in ${inSeconds(trial.untilMs - nowMs)} unless it is kept (F2)`
  const lines = [...wrap(says, width).map(bold), ...trial.addresses.flatMap(address => breakAddress(address, width))]
  return createSection('Network', lines)
}

export function renderCode(shown: Shown, { width, nowMs }: Room): Section | undefined {
  const { setup } = shown.status
  if (!setup) return undefined
  const waitMs = (setup.waitUntilMs ?? nowMs) - nowMs
  const lines = setup.isOpen && shown.code !== undefined ? renderOpen(shown.code, setup.openUntilMs - nowMs, width) : []
  if (lines.length === 0) {
    const why = setup.isOpen ? 'not known to this console' : 'over, it could be used for a while only'
    lines.push(...wrap(isOffered('reopen-setup', shown) ? `${why}; F3 opens set-up again` : why, width))
  }
  return createSection('Setup code', waitMs > 0 ? [...lines, ...wrap(describeWait(waitMs), width)] : lines)
}

function renderOpen(code: string, leftMs: number, width: number): string[] {
  const emphasized = reverse(` ${code} `)
  const note = describeClosing(leftMs)
  if (widthOf(emphasized) + 3 + note.length <= width) return [`${emphasized}   ${note}`]
  return [...breakAddress(code, width).map(reverse), ...wrap(note, width)]
}

export function renderUrls({ status: { urls, state } }: Shown, { width }: Room): Section | undefined {
  const emphasize = (line: string) => (state === 'unclaimed' ? bold(line) : line)
  const items = urls.map(({ name, url }) => labelled(name, breakAddress(url, width).map(emphasize)))
  const more = (count: number) => labelled('', [`+${count} more`]).join('')
  return items.length === 0 ? undefined : { forms: foldList(items, 1, more), priority: priorities.urls }
}
