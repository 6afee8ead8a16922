/** What is done where a value cannot be used, by key: the words of the properties, and of the one setting that is none. */
import { guestKey, properties } from '../../../ova/properties.ts'

export const mtuKey = 'network.mtu'

const byKey = new Map([
  ...properties.map(property => [guestKey(property), property.instead] as const),
  [mtuKey, 'the MTU that the network says is used'] as const,
])

export const isKnownKey = (key: string): boolean => byKey.has(key)

export const insteadOf = (key: string): string => byKey.get(key) ?? 'it is left out'
