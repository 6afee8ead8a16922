/** The pages that stand in for the status while somebody is asked something. Nothing of a password is shown, not even its length. */
import { inSeconds } from './durations.ts'
import { type FieldName, fieldKeys, fieldsOf, type NetworkForm, type TextField } from './network-form.ts'
import { bold, breakAddress, clip, reverse, wrap } from './text.ts'
import type { Page, Shown, View, Wish } from './view.ts'

type OpenPage = Exclude<Page, { kind: 'status' }>

export interface FormPage {
  readonly title: string
  readonly lines: readonly string[]
  /** What keys do here. */
  readonly keys: readonly (readonly [key: string, label: string])[]
}

const wishTitles: Readonly<Record<Wish, string>> = {
  network: 'Network',
  'keep-network': 'Keep the network',
  'reopen-setup': 'Re-open set-up',
  reboot: 'Reboot',
  'log-in': 'Log in',
  'shut-down': 'Shut down',
}

const back = ['Esc', 'Back'] as const

export function renderForm(page: OpenPage, shown: Shown, at: { view: View; width: number; nowMs: number }): FormPage {
  switch (page.kind) {
    case 'password':
      return renderPassword(page, shown, at)
    case 'confirm':
      return renderConfirm(page.wish, at.width)
    case 'network':
      return renderNetwork(page.form, at.width)
    case 'waiting':
      return { title: page.text, lines: ['This takes a moment.'], keys: [] }
    case 'trial':
      return renderTrial(shown.status.trial ?? { untilMs: page.untilMs, addresses: [] }, at)
  }
}

function renderPassword(
  { wish, problem }: Extract<Page, { kind: 'password' }>,
  { account }: Shown,
  { view, width, nowMs }: { view: View; width: number; nowMs: number },
): FormPage {
  const waitMs = view.lock.waitUntilMs - nowMs
  const wait = waitMs > 0 ? `The next one is looked at in ${inSeconds(waitMs)}.` : ''
  const said = [problem ?? '', wait].filter(text => text !== '').join(' ')
  return {
    title: wishTitles[wish],
    lines: [
      ...wrap(`The password of ${account ?? 'root'} is needed for this. What is typed is not shown.`, width),
      '',
      `Password: ${reverse(' ')}`,
      '',
      ...wrap(said, width).map(line => (line === '' ? '' : bold(line))),
    ],
    keys: [['Enter', 'Go on'], back],
  }
}

function renderConfirm(wish: 'reboot' | 'shut-down', width: number): FormPage {
  const ends = 'Functions that are at work get a moment to end, then they are stopped.'
  return wish === 'reboot'
    ? { title: 'Reboot this appliance?', lines: wrap(ends, width), keys: [['Enter', 'Reboot'], back] }
    : {
        title: 'Shut this appliance down?',
        lines: wrap(`${ends} To start it again, use its hypervisor.`, width),
        keys: [['Enter', 'Shut down'], back],
      }
}

const fieldLabels: Readonly<Record<FieldName, string>> = {
  mode: 'Addresses',
  address: 'Address',
  gateway: 'Gateway',
  nameServers: 'DNS servers',
}
const hints: Readonly<Record<Exclude<FieldName, 'mode'>, string>> = {
  address: 'with its prefix, as in 192.0.2.10/24 or 2001:db8::10/64',
  gateway: 'in the same network; may stay empty',
  nameServers: 'one or more, with blanks between; may stay empty',
}

function renderNetwork(form: NetworkForm, width: number): FormPage {
  const choice = (isChosen: boolean, label: string) => `(${isChosen ? '*' : ' '}) ${label}`
  const mode = `${choice(!form.isStatic, 'DHCP')}   ${choice(form.isStatic, 'Static')}`
  const modeLine = `${renderLabel('mode', form)}${form.focus === 'mode' ? reverse(` ${mode} `) : ` ${mode} `}`
  const texts = fieldsOf(form).filter(name => name !== 'mode')
  return {
    title: 'Network',
    lines: [
      modeLine,
      '',
      ...texts.flatMap(name => [...renderField(name, form, width), '']),
      ...renderOtherFaults(form, width),
      ...wrap('The new network is tried first, and goes back unless you keep it here.', width),
    ],
    keys: [
      ['Tab', 'Next field'],
      ...(form.focus === 'mode' ? [['Space', 'Change'] as const] : []),
      ['Enter', 'Try'],
      back,
    ],
  }
}

/** The field that keys go to has a mark of its own: the cursor alone is soon overlooked. */
const renderLabel = (name: FieldName, { focus }: NetworkForm): string =>
  `${focus === name ? '>' : ' '} ${fieldLabels[name].padEnd(13)}`

function renderField(name: Exclude<FieldName, 'mode'>, form: NetworkForm, width: number): string[] {
  const box = Math.min(width - 17, 50)
  const fault = form.faults.find(({ key }) => key === fieldKeys[name])
  const below = fault ? bold(clip(fault.problem, width - 16)) : clip(hints[name], width - 16)
  return [
    `${renderLabel(name, form)}[${renderText(form[name], box, form.focus === name)}]`,
    `${' '.repeat(16)}${below}`,
  ]
}

/** The end of what is before the cursor, and what fits after it. */
function renderText({ text, cursor }: TextField, box: number, hasFocus: boolean): string {
  const from = Math.max(0, cursor - box + 1)
  const visible = text.slice(from, from + box).padEnd(box)
  if (!hasFocus) return visible
  const at = cursor - from
  return visible.slice(0, at) + reverse(visible.slice(at, at + 1)) + visible.slice(at + 1)
}

/** Faults that belong to no field of the form. */
function renderOtherFaults({ faults }: NetworkForm, width: number): string[] {
  const known: readonly string[] = Object.values(fieldKeys)
  const others = faults.filter(({ key }) => !known.includes(key))
  const lines = others.flatMap(({ key, problem }) => wrap(`${key}: ${problem}`, width).map(bold))
  return lines.length > 0 ? [...lines.slice(0, 3), ''] : []
}

function renderTrial(
  { untilMs, addresses }: NonNullable<Shown['status']['trial']>,
  { width, nowMs }: { width: number; nowMs: number },
): FormPage {
  const left = `The former one comes back in ${inSeconds(untilMs - nowMs)} unless you keep this one.`
  return {
    title: 'Keep the new network?',
    lines: [...addresses.flatMap(address => breakAddress(address, width)), '', ...wrap(left, width)],
    keys: [['Enter', 'Keep'], back],
  }
}
