/** What somebody does to the files of the audit log while the server is down is told when it starts, and seen for ever; a crash is not taken for it. */
import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { openDiskStorage } from '../../../../server/audit/disk.ts'
import { verifyStored } from '../../../../server/audit/reader.ts'
import { createMemoryStorage } from '../../../../server/audit/storage.ts'
import { entry, stage, temporary } from '../../../helpers/audit-log.ts'

/** Three lines were written, and the last two are gone; answers with the folder. */
async function cutLog(): Promise<string> {
  const directory = await temporary()
  const before = await stage(await openDiskStorage(directory))
  for (const name of ['a', 'b', 'c']) await before.audit.write(entry(name))
  await before.audit.close()
  const file = join(directory, 'audit-000000000001.jsonl')
  await truncate(file, (await readFile(file, 'utf8')).indexOf('\n') + 1)
  return directory
}

test('an end that was cut while the server was down is told at once, and seen for ever', async t => {
  const directory = await cutLog()
  const storage = await openDiskStorage(directory)
  const { audit, told } = await stage(storage)
  t.true(told.some(line => line.includes('its end was cut: lines 2 to 3 are missing')))
  await audit.write(entry('d'))
  t.is((await verifyStored(storage)).fault?.cause, 'its number is 4: lines 2 to 3 are missing')
  await audit.close()
})

for (const [title, spoil] of [
  ['removed', (head: string) => rm(head)],
  ['spoilt', (head: string) => writeFile(head, 'x')],
] as const)
  test(`a head that was ${title} while the server was down, to hide a cut, is told at once, and seen for ever`, async t => {
    const directory = await cutLog()
    await spoil(join(directory, 'head'))
    const storage = await openDiskStorage(directory)
    t.like((await verifyStored(storage)).fault, { file: 'head', lineInFile: 0 })
    const { audit, told } = await stage(storage)
    t.true(told.some(line => line.includes('what tells whether the end of the log was cut')))
    await audit.write(entry('d'))
    const gap = 'its number is 3: lines 2 to 2 are missing'
    t.is((await verifyStored(storage)).fault?.cause, gap)
    await audit.close()
    const again = await stage(await openDiskStorage(directory))
    await again.audit.write(entry('e'))
    t.is((await verifyStored(again.audit.storage)).fault?.cause, gap)
    await again.audit.close()
  })

test('the last line changed while the server was down is told at once, and seen for ever', async t => {
  const directory = await temporary()
  const before = await stage(await openDiskStorage(directory))
  for (const name of ['a', 'b']) await before.audit.write(entry(name))
  await before.audit.close()
  const file = join(directory, 'audit-000000000001.jsonl')
  await writeFile(file, (await readFile(file, 'utf8')).replace('"name":"b"', '"name":"x"'))
  const { audit, told } = await stage(await openDiskStorage(directory))
  t.true(told.some(line => line.includes('line 2 was changed')))
  await audit.write(entry('c'))
  t.regex((await verifyStored(audit.storage)).fault?.cause ?? '', /^it does not hold the hash of line 2/)
  await audit.close()
})

test('no line is there before the head: a crash at any write leaves nothing that looks like a cut', async t => {
  for (let writes = 0; writes < 4; writes += 1) {
    const memory = createMemoryStorage()
    let left = writes
    const crash = () => {
      left -= 1
      if (left < 0) throw new Error('crashed')
    }
    const { audit } = await stage({
      ...memory,
      write: async (...place) => {
        crash()
        return memory.write(...place)
      },
      writeHead: async text => {
        crash()
        return memory.writeHead(text)
      },
    })
    await audit.write(entry('a'))
    t.is((await verifyStored(memory)).fault, undefined, `after ${writes}`)
    const { told } = await stage(memory)
    t.false(told.some(line => line.includes('was changed')))
  }
})

test('files that go for their age while the log is checked are no fault', async t => {
  const memory = createMemoryStorage()
  const { audit } = await stage(memory, 2)
  const write = (index: number) => audit.write(entry(`${index}${'x'.repeat(600 * 1024)}`))
  for (let index = 0; index < 4; index += 1) await write(index)
  let isFirst = true
  const names = async () => {
    if (isFirst) await write(4)
    isFirst = false
    return memory.names()
  }
  const { fault, first } = await verifyStored({ ...memory, names })
  t.deepEqual([fault, first], [undefined, 3])
})
