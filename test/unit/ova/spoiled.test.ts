/** Every way in which an OVA has been seen to be wrong is refused, for the right reason, at the right place. */
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import test from 'ava'
import fc from 'fast-check'
import { verifyOva } from '../../../ova/verify.ts'
import { archives } from './spoiled/archive.ts'
import { descriptors } from './spoiled/descriptor.ts'
import { disks } from './spoiled/disk.ts'
import { hardwares } from './spoiled/hardware.ts'
import { manifests } from './spoiled/manifest.ts'
import { propertiesSpoiled } from './spoiled/properties.ts'
import { readVmdk } from './support/read-vmdk.ts'
import { createScratch } from './support/scratch.ts'
import { alter, alterDisk, findIn, findInBytes, packSample, repack, unpack } from './support/spoil.ts'

const tables = { archives, manifests, descriptors, hardwares, properties: propertiesSpoiled, disks }

/** Whether a finding is the expected one; `*` stands for any byte, or any digits in front of the problem. */
function fits(found: string, expected: string): boolean {
  const [claim = '', place = '', problem = ''] = found.split(' | ')
  const [claimPart = '', placeWanted = '', problemPart = ''] = expected.split(' | ')
  const isPlace = placeWanted.endsWith('*') ? place.startsWith(placeWanted.slice(0, -1)) : place === placeWanted
  return claim.includes(claimPart) && isPlace && problem.includes(problemPart.replace(/^\* /, ''))
}

for (const [table, rows] of Object.entries(tables))
  for (const { name, spoil, findings } of rows)
    test(`${table}: ${name}`, async t => {
      const found = await findIn(t, spoil)
      t.is(found.length, findings.length, found.join('\n'))
      for (const [at, expected] of findings.entries())
        t.true(fits(found[at] ?? '', expected), `${found[at]}\nis not\n${expected}`)
    })

test('the archive that the tests make is as good as ours, so what they spoil is what is found', async t => {
  t.deepEqual(await findIn(t, parts => repack(parts)), [])
  t.deepEqual(await findIn(t, parts => repack(alter(parts, '.ovf', data => data))), [])
})

test('a manifest signed with the key of its certificate holds, and not another one', async t => {
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  const [ovf, mf, ...rest] = unpack(await readFile(ovaPath))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const [key, certificate] = [scratch('key'), scratch('certificate')]
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=x', '-keyout', key, '-out', certificate)
  await writeFile(scratch('mf'), mf?.data ?? '')
  const hex = openssl('dgst', '-sha256', '-sign', key, scratch('mf')).toString('hex')
  const pem = await readFile(certificate, 'utf8')
  const sign = (signature: string) => {
    const data = Buffer.from(`SHA256(sample.mf)= ${signature}\n${pem}`)
    return repack([ovf, mf, { name: 'sample.cert', data }, ...rest].flatMap(part => part ?? []))
  }
  t.deepEqual(await findInBytes(scratch('signed.ova'), sign(hex)), [])
  const other = await findInBytes(
    scratch('signed.ova'),
    sign(hex.replace(/^../, first => (first === '00' ? '01' : '00'))),
  )
  t.regex(other.join(), /the signature is not one over this manifest/)
})

test('whatever single byte is changed is found', async t => {
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  const ova = await readFile(ovaPath)
  const change = fc.record({ at: fc.nat({ max: ova.length - 1 }), xor: fc.integer({ min: 1, max: 255 }) })
  await fc.assert(
    fc.asyncProperty(change, async ({ at, xor }) => {
      const spoiled = Buffer.from(ova)
      spoiled.writeUInt8(spoiled.readUInt8(at) ^ xor, at)
      t.not((await findInBytes(scratch('spoiled.ova'), spoiled)).length, 0, `byte ${at} xor ${xor}`)
    }),
    { numRuns: 100 },
  )
})

test('a byte changed in the disk, all digests made right, is found or leaves the content as it was', async t => {
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  const parts = unpack(await readFile(ovaPath))
  const disk = parts.find(({ name }) => name.endsWith('.vmdk'))?.data ?? Buffer.alloc(0)
  const content = readVmdk(disk)
  const change = fc.record({ at: fc.nat({ max: disk.length - 1 }), xor: fc.integer({ min: 1, max: 255 }) })
  await fc.assert(
    fc.asyncProperty(change, async ({ at, xor }) => {
      const spoiled = Buffer.from(disk)
      spoiled.writeUInt8(spoiled.readUInt8(at) ^ xor, at)
      const found = await findInBytes(scratch('spoiled.ova'), repack(alterDisk(parts, () => spoiled)))
      // Free are the bits that fill the last byte of a compressed stream, and other ways to compress the same.
      if (found.length === 0) t.true(readVmdk(spoiled).equals(content), `byte ${at} xor ${xor}`)
    }),
    { numRuns: 100 },
  )
  t.pass()
})

test('whatever stands in the file, verification ends with findings and never with an exception', async t => {
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  const parts = unpack(await readFile(ovaPath))
  const path = scratch('hostile.ova')
  const damage = fc.record({
    member: fc.constantFrom('.ovf', '.mf', '.vmdk'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 2000 }),
    insert: fc.uint8Array({ maxLength: 2000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async damages => {
      const spoil = (before: typeof parts, { member, at, remove, insert }: (typeof damages)[number]) =>
        alter(before, member, data => {
          const place = Math.floor(at * data.length)
          return Buffer.concat([data.subarray(0, place), insert, data.subarray(place + remove)])
        })
      await writeFile(path, repack(damages.reduce(spoil, parts)))
      t.true((await verifyOva(path)).length > 0)
    }),
    { numRuns: 100 },
  )
})
