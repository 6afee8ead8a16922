/** The form of the network's settings: its fields, what keys do to them, and the values that it stands for. */
import type { Fault, Values } from '../firstboot/settings.ts'
import type { Key } from './keys.ts'

export type FieldName = 'mode' | 'address' | 'gateway' | 'nameServers'

export interface TextField {
  readonly text: string
  /** Characters before the cursor. */
  readonly cursor: number
}

export interface NetworkForm {
  readonly isStatic: boolean
  readonly address: TextField
  readonly gateway: TextField
  readonly nameServers: TextField
  readonly focus: FieldName
  /** What was not taken of what was entered. */
  readonly faults: readonly Fault[]
}

/** The settings behind the fields; the netmask goes with the address, as its prefix. */
export const fieldKeys = {
  address: 'network.ip0',
  gateway: 'network.gateway',
  nameServers: 'network.DNS',
} as const
const netmaskKey = 'network.netmask0'
const maxLength = 255

const field = (text: string): TextField => ({ text, cursor: text.length })

/** The form filled in with what is running. */
export function createNetworkForm(values: Values): NetworkForm {
  const address = values[fieldKeys.address] ?? ''
  return {
    isStatic: address !== '',
    address: field(withPrefix(address, values[netmaskKey] ?? '')),
    gateway: field(values[fieldKeys.gateway] ?? ''),
    nameServers: field(values[fieldKeys.nameServers] ?? ''),
    focus: 'mode',
    faults: [],
  }
}

function withPrefix(address: string, netmask: string): string {
  if (address === '' || address.includes('/') || netmask === '') return address
  if (/^\d+$/.test(netmask)) return `${address}/${netmask}`
  if (!/^\d+(\.\d+){3}$/.test(netmask)) return address
  const bits = netmask.split('.').map(part => Number(part).toString(2).padStart(8, '0'))
  return `${address}/${bits.join('').lastIndexOf('1') + 1}`
}

/** With DHCP there is nothing to say of address and gateway. */
export const fieldsOf = ({ isStatic }: NetworkForm): readonly FieldName[] =>
  isStatic ? ['mode', 'address', 'gateway', 'nameServers'] : ['mode', 'nameServers']

/** Empty text takes a setting back. */
export function valuesOf({ isStatic, address, gateway, nameServers }: NetworkForm): Values {
  return {
    [fieldKeys.address]: isStatic ? address.text.trim() : '',
    [netmaskKey]: '',
    [fieldKeys.gateway]: isStatic ? gateway.text.trim() : '',
    [fieldKeys.nameServers]: nameServers.text.trim(),
  }
}

/** An empty address would mean DHCP, which is not what was chosen. */
export function faultsOf({ isStatic, address }: NetworkForm): readonly Fault[] {
  if (!isStatic || address.text.trim() !== '') return []
  return [{ key: fieldKeys.address, problem: 'is missing: enter one, or choose DHCP', instead: '' }]
}

/** The form after a key that is neither Enter nor Escape. */
export function editForm(form: NetworkForm, key: Key): NetworkForm {
  if (key.kind === 'named' && (key.name === 'Tab' || key.name === 'Down')) return moveFocus(form, 1)
  if (key.kind === 'named' && (key.name === 'BackTab' || key.name === 'Up')) return moveFocus(form, -1)
  if (form.focus !== 'mode') return editField(form, form.focus, key)
  const toggles = key.kind === 'char' ? key.char === ' ' : key.name === 'Left' || key.name === 'Right'
  return toggles ? { ...form, isStatic: !form.isStatic } : form
}

/** What was wrong with a field is not said of what it holds now. */
function editField(form: NetworkForm, name: Exclude<FieldName, 'mode'>, key: Key): NetworkForm {
  const edited = editText(form[name], key)
  const faults =
    edited.text === form[name].text ? form.faults : form.faults.filter(fault => fault.key !== fieldKeys[name])
  return { ...form, [name]: edited, faults }
}

/** The form with what was not taken of it, at the first field of that. */
export function refuseForm(form: NetworkForm, faults: readonly Fault[]): NetworkForm {
  const names = ['address', 'gateway', 'nameServers'] as const
  const focus = names.find(name => faults.some(({ key }) => key === fieldKeys[name])) ?? form.focus
  return { ...form, faults, focus }
}

function moveFocus(form: NetworkForm, step: number): NetworkForm {
  const fields = fieldsOf(form)
  const index = (fields.indexOf(form.focus) + step + fields.length) % fields.length
  return { ...form, focus: fields[index] ?? 'mode' }
}

function editText({ text, cursor }: TextField, key: Key): TextField {
  const [before, after] = [text.slice(0, cursor), text.slice(cursor)]
  if (key.kind === 'char') {
    const isTaken = /^[\x20-\x7e]$/.test(key.char) && text.length < maxLength
    return isTaken ? { text: before + key.char + after, cursor: cursor + 1 } : { text, cursor }
  }
  switch (key.name) {
    case 'Backspace':
      return { text: before.slice(0, -1) + after, cursor: Math.max(0, cursor - 1) }
    case 'Delete':
      return { text: before + after.slice(1), cursor }
    case 'ClearField':
      return field('')
    case 'Left':
      return { text, cursor: Math.max(0, cursor - 1) }
    case 'Right':
      return { text, cursor: Math.min(text.length, cursor + 1) }
    case 'Home':
      return { text, cursor: 0 }
    case 'End':
      return field(text)
    default:
      return { text, cursor }
  }
}
