import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import test from 'ava'
import { pack } from 'tar-stream'
import { measureTree } from '../../../../packer/size/measure.ts'
import { folderOf, groupBy, ownerOf, renderSize } from '../../../../packer/size/report.ts'

const file = (path: string, packedBytes: number) => ({ path, bytes: 2 * packedBytes, packedBytes })

test('a file costs what its grains do when deflated, a second name costs nothing', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'size-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const [tar, written] = [join(dir, 'root.tar'), pack()]
  const done = pipeline(written, createWriteStream(tar))
  const noise = randomBytes(200_000)
  written.entry({ name: './usr/bin/zeros' }, Buffer.alloc(200_000))
  written.entry({ name: './usr/bin/noise' }, noise)
  written.entry({ name: './usr/bin/again', type: 'link', linkname: './usr/bin/noise' })
  written.entry({ name: './var/lib/dpkg/info/libz:amd64.list' }, '/bin\n/bin/noise\n')
  written.finalize()
  await done
  let seenBytes = 0
  const { files, owners } = await measureTree(tar, bytes => {
    seenBytes += bytes
  })
  const packedOf = (path: string) => files.find(found => found.path === path)?.packedBytes ?? Number.NaN
  t.deepEqual(
    files.slice(0, 2).map(({ path, bytes }) => [path, bytes]),
    [
      ['/usr/bin/zeros', 200_000],
      ['/usr/bin/noise', 200_000],
    ],
  )
  t.is(files.length, 3)
  t.true(packedOf('/usr/bin/zeros') < 2000)
  t.true(packedOf('/usr/bin/noise') > 199_000)
  t.is(owners.get('/usr/bin/noise'), 'libz')
  t.is(seenBytes, 400_016)
})

test('files are counted below their folder, and by what brought them, the largest first', t => {
  const owners = new Map([['/usr/bin/bash', 'bash']])
  const files = [
    file('/usr/bin/bash', 1),
    file('/usr/lib/dispatch/node', 5),
    file('/var/lib/docker/overlay2/a/diff/x', 3),
  ]
  t.deepEqual(
    groupBy(files, folderOf).map(({ name, packedBytes }) => [name, packedBytes]),
    [
      ['/usr/lib/dispatch', 5],
      ['/var/lib/docker', 3],
      ['/usr/bin', 1],
    ],
  )
  t.deepEqual(
    files.map(each => ownerOf(each, owners)),
    ['bash', 'dispatch', 'runtime images'],
  )
  t.is(ownerOf(file('/etc/ld.so.cache', 1), owners), 'made during the bake')
})

test('the report says how far the bar is, and each table sums up to all files', t => {
  const files = [file('/usr/bin/dockerd', 30e6), file('/usr/bin/small', 100_000)]
  const text = renderSize({ files, owners: new Map(), ovaBytes: 40e6, barBytes: 35e6 })
  t.regex(text, /has 40\.0 MB: 5\.0 MB above the bar of 35\.0 MB/)
  t.regex(text, /30\.1 MB are files, 9\.9 MB the file system/)
  t.regex(text, / {5}30\.0 {6}60\.0 {2}\/usr\/bin\/dockerd\n {6}0\.1 {7}0\.2 {2}1 others/)
  t.regex(renderSize({ files, owners: new Map(), ovaBytes: 30e6, barBytes: 35e6 }), /5\.0 MB below/)
})
