/** Checks a VMDK's header or footer field by field. */
import { createHeader, encodeHeader, headerFields, parseHeader, sectorBytes } from '../vmdk-layout.ts'
import type { Report } from './check.ts'

const show = (value: bigint) => (value > 9n ? `${value} (0x${value.toString(16)})` : String(value))

/** `at` is the sector's place in bytes. Gives the capacity in sectors when it can be believed. */
export function checkHeader(
  sector: Buffer,
  promised: { at: number; gdOffset: bigint; capacity?: bigint },
  report: Report,
): number | undefined {
  if (sector.length < sectorBytes) {
    report(promised.at, 'the disk ends before its header', `${sectorBytes} bytes of header`)
    return undefined
  }
  const found = parseHeader(sector)
  const expected = createHeader(promised.capacity ?? found.capacity, promised.gdOffset)
  for (const { name, offset } of headerFields) {
    if (found[name] === expected[name]) continue
    report(promised.at + offset, `header field ${name} is ${show(found[name])}`, show(expected[name]))
  }
  if (!encodeHeader(found).equals(sector)) report(promised.at + 79, 'data stands in the unused part', 'zeros')
  const believable = found.magic === expected.magic && found.capacity > 0n && found.capacity < 2n ** 32n
  if (found.magic === expected.magic && !believable) {
    report(promised.at + 12, `a capacity of ${found.capacity} sectors`, 'more than none and less than 2 TiB')
  }
  return believable ? Number(found.capacity) : undefined
}
