import test from 'ava'
import { verifyOva } from '../../../ova/verify.ts'
import { createScratch } from './support/scratch.ts'
import { alter, findIn, type Part, packSample, repack } from './support/spoil.ts'

test('what we pack holds every claim', async t => {
  const { ovaPath } = await packSample(await createScratch(t))
  const checks = await verifyOva(ovaPath)
  t.is(checks.length, 13)
  t.deepEqual(
    checks.flatMap(({ findings }) => findings),
    [],
  )
})

test('the test’s own archive is as good, so what follows is found for the right reason', async t => {
  t.deepEqual(await findIn(t, parts => repack(parts)), [])
  t.deepEqual(await findIn(t, parts => repack(alter(parts, '.ovf', data => data))), [])
})

/** Spoils a good OVA and expects exactly these findings, in order. */
const refused = test.macro(async (t, spoil: (parts: Part[], ova: Buffer) => Buffer, ...expected: RegExp[]) => {
  const found = await findIn(t, spoil)
  t.is(found.length, expected.length, found.join('\n'))
  for (const [at, pattern] of expected.entries()) t.regex(found[at] ?? '', pattern)
})

const gnu = (header: Buffer) => header.write('ustar  \0', 257)
const onlyOnce = (change: (header: Buffer) => void) => {
  let done = false
  return (header: Buffer) => {
    if (!done) change(header)
    done = true
  }
}

test('GNU tar', refused, (parts: Part[]) => repack(parts, onlyOnce(gnu)), /plain USTAR.*@257 \| a GNU tar header/)
test(
  'a PAX header',
  refused,
  (parts: Part[]) =>
    repack(
      parts,
      onlyOnce(header => header.write('x', 156)),
    ),
  /@156 \| member type "x" is a PAX header/,
)
test(
  'an owner',
  refused,
  (parts: Part[]) =>
    repack(
      parts,
      onlyOnce(header => header.write('001750', 108)),
    ),
  /@108 \| owner is 1750 \| 0/,
)
test(
  'a mode',
  refused,
  (parts: Part[]) =>
    repack(
      parts,
      onlyOnce(header => header.write('000755', 100)),
    ),
  /@100 \| mode is 755 \| 644/,
)
test(
  'times that differ',
  refused,
  (parts: Part[]) =>
    repack(
      parts,
      onlyOnce(header => header.write('07346545001', 136)),
    ),
  /sample|the times differ/,
  /the times differ/,
)
test(
  'a damaged header',
  refused,
  (_: Part[], ova: Buffer) => Buffer.concat([Buffer.from('X'), ova.subarray(1)]),
  /@148 \| the header checksum is wrong/,
  /first member is "absent" \| the \.ovf descriptor/,
  /there is no manifest/,
  /there is no descriptor/,
)
test(
  'padding behind the archive',
  refused,
  (_: Part[], ova: Buffer) => Buffer.concat([ova, Buffer.alloc(20_000)]),
  /bytes of padding follow/,
)
test(
  'data behind the archive',
  refused,
  (_: Part[], ova: Buffer) => Buffer.concat([ova, Buffer.from('x')]),
  /data follows the end/,
)
test(
  'an archive without its end',
  refused,
  (_: Part[], ova: Buffer) => ova.subarray(0, -1024),
  /the archive ends here: it was cut short \| two zero blocks/,
)
test(
  'disk and manifest in another order',
  refused,
  ([ovf, mf, disk]: Part[]) => repack([ovf, disk, mf].flatMap(part => part ?? [])),
  /members are \.ovf, \.mf.*the second member is "sample-disk1\.vmdk" \| sample\.mf/,
  /"sample\.mf" stands among the disks/,
)
test(
  'a member twice',
  refused,
  (parts: Part[]) => repack([...parts, ...parts.slice(2)]),
  /"sample-disk1\.vmdk" is there twice \| every name once/,
  /"sample-disk1\.vmdk" is not referenced/,
)
test(
  'a member in a folder',
  refused,
  (parts: Part[]) => repack([...parts, { name: '../x.vmdk', data: Buffer.alloc(0) }]),
  /member name "\.\.\/x\.vmdk"/,
  /lists every member.*"\.\.\/x\.vmdk" is not listed/,
  /"\.\.\/x\.vmdk" is not referenced/,
  /no Disk says the capacity/,
  /the disk ends before its header/,
)
test(
  'a manifest as sha256sum --tag writes it',
  refused,
  (parts: Part[]) => repack(alter(parts, '.mf', data => data.toString().replace('SHA256(', 'SHA256 ('))),
  /sample\.mf@0 \| line "SHA256 \(sample\.ovf\)= .* has another form \| SHA256\(name\)= 64 lower-case hex digits/,
  /"sample\.ovf" is not listed/,
)
test(
  'a wrong digest',
  refused,
  (parts: Part[]) => repack(alter(parts, '.mf', data => data.toString().replace(/= [0-9a-f]{4}/, '= 0000'))),
  /every digest.*sample\.mf@0 \| SHA256\(sample\.ovf\)= 0000.* is not its digest/,
)
test(
  'a manifest that lists what is not there, and one twice',
  refused,
  (parts: Part[]) =>
    repack(alter(parts, '.mf', data => `${data}${data}${data.toString().split('\n')[0]?.replace('ovf', 'iso')}\n`)),
  /"sample\.ovf" is listed twice/,
  /"sample-disk1\.vmdk" is listed twice/,
  /"sample\.iso" is not in the archive/,
)
