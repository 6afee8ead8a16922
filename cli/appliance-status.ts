/** Owns how what the appliance says of itself reads in a terminal. */
import type { Status } from '../provisioning/appliance/status.ts'
import { integerOf, type Json, objectOf, objectsOf, textOf, textsOf } from './format/json.ts'
import { renderTable } from './format/table.ts'

type Row = readonly [part: string, text: string]

const isTrue = (value: Json | undefined): boolean => value === true

/** Names of the members are those of `Status`. */
const member = (status: Json, name: keyof Status): Json | undefined => objectOf(status)[name]

function describeAddress(address: Json): string {
  const { link, address: text, asked } = objectOf(address)
  const note = textOf(objectOf(asked).text)
  return `${textOf(text)} (${textOf(link)})${note === '' ? '' : ` ${note}`}`
}

const describeTime = (unixMs: Json | undefined): string =>
  unixMs === undefined ? '' : `${new Date(Number(integerOf(unixMs))).toISOString().slice(11, 19)} UTC`

/** Absolute times: they stay as they are until something happens. */
function planPassing(status: Json): Row[] {
  const { isOpen, openUntilMs, waitUntilMs } = objectOf(member(status, 'setup'))
  const { untilMs, addresses } = objectOf(member(status, 'trial'))
  const page = isTrue(isOpen)
    ? `open until ${describeTime(openUntilMs)}`
    : 'over: open it again with `dispatch appliance setup reopen`'
  const tried = `on trial until ${describeTime(untilMs)}, then the former one: keep it with \`dispatch appliance settings confirm\``
  const wait = describeTime(waitUntilMs)
  return [
    ...(member(status, 'setup') === undefined ? [] : [['set-up page', page] as const]),
    ['', wait && `after wrong codes no other is looked at until ${wait}`],
    ...(member(status, 'trial') === undefined ? [] : [['network', tried] as const]),
    ...textsOf(addresses).map((address): Row => ['', address]),
  ]
}

function planRows(status: Json): Row[] {
  const { tls, ssh } = objectOf(member(status, 'fingerprints'))
  const list = (name: keyof Status): Json[] => objectsOf(member(status, name))
  return [
    ['version', `${textOf(member(status, 'product'))} ${textOf(member(status, 'version'))}`],
    ['state', textOf(member(status, 'state'))],
    ...textsOf(member(status, 'reasons')).map((reason): Row => ['', reason]),
    ...planPassing(status),
    ['host name', textOf(member(status, 'hostName'))],
    ...list('urls').map((url): Row => [textOf(objectOf(url).name), textOf(objectOf(url).url)]),
    ...list('addresses').map((address): Row => ['address', describeAddress(address)]),
    ['TLS SHA-256', textOf(tls)],
    ['SSH ED25519', textOf(ssh)],
    ...list('health').map((each): Row => {
      const { name, ok, text } = objectOf(each)
      return [textOf(name), `${isTrue(ok) ? '' : 'FAILS: '}${textOf(text)}`]
    }),
    ...list('faults').map((fault): Row => {
      const { key, problem, instead } = objectOf(fault)
      return ['not taken', `${textOf(key)}: ${textOf(problem)}; ${textOf(instead)}`]
    }),
    ...textsOf(member(status, 'failures')).map((failure): Row => ['failed', failure]),
  ]
}

export const renderStatus = (status: Json): string =>
  renderTable({ titles: ['PART', 'STATUS'], rows: planRows(status).filter(([, text]) => text !== '') })
