/** Debian's UEFI firmware for QEMU (OVMF): a copy for a machine, and whether it has a driver. */
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shell } from '../../packer/shell.ts'
import type { Firmware } from '../../packer/vm.ts'

const folder = '/usr/share/OVMF'
const code = join(folder, 'OVMF_CODE_4M.fd')

/** Fresh variables: no boot entry of another machine. */
export async function copyFirmware(variables: string): Promise<Firmware> {
  await copyFile(join(folder, 'OVMF_VARS_4M.fd'), variables)
  return { code, variables }
}

/** {EE4E5898-3914-4259-9D6E-DC7BD79403CF} as in a file: the section that follows is compressed by LZMA. */
const lzmaGuid = Buffer.from('98584eee143959429d6edc7bd79403cf', 'hex')

/**
 * The packed bytes of such sections (UEFI Platform Initialization, volume 3): 3 bytes of size and the type 2 before the
 * GUID, the place of the data (u16) after it; a size of 0xffffff stands for a u32 that follows it.
 */
export function findPacked(image: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let guid = image.indexOf(lzmaGuid); guid >= 0; guid = image.indexOf(lzmaGuid, guid + 16)) {
    const isLarge = image.readUInt32LE(guid - 8) === 0x02ffffff
    const begin = guid - (isLarge ? 8 : 4)
    // Elsewhere the GUID is a word of a program.
    if (!isLarge && image[begin + 3] !== 0x02) continue
    const size = isLarge ? image.readUInt32LE(guid - 4) : image.readUIntLE(begin, 3)
    found.push(image.subarray(begin + image.readUInt16LE(guid + 16), begin + size))
  }
  return found
}

type Question = { readonly shell: Shell; readonly driver: string; readonly dir: string }

/** By its name in the firmware's own list. Rejects where the firmware is packed otherwise than expected. */
export async function hasDriver({ shell, driver, dir }: Question): Promise<boolean> {
  const packed = findPacked(await readFile(code))
  const unpacked = await Promise.all(
    packed.map(async (bytes, index) => {
      const file = join(dir, `firmware-${index}.lzma`)
      await writeFile(file, bytes)
      await shell.run(['xz', '--decompress', '--force', '--format=lzma', file])
      return readFile(file.replace(/\.lzma$/, ''))
    }),
  )
  const has = (name: string) => unpacked.some(image => image.includes(Buffer.from(name, 'utf16le')))
  if (!has('NvmExpressDxe')) throw new Error(`${code} does not show its drivers: not even NvmExpressDxe was found`)
  return has(driver)
}
