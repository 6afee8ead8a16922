/** A container that writes without end is lost, and only that one. */
import test from 'ava'
import { boundDisk } from '../../../../../server/engine/http/disk.ts'
import { playContainer } from '../../../../helpers/played-container.ts'
import { until } from '../../../../helpers/wait.ts'

const mebibyte = 1024 * 1024
const limits = { diskBytes: 2 * mebibyte, diskCheckMs: 1 }

test('a container that has written more than it may is lost, and is looked at no more', async t => {
  const { place } = playContainer(t, { listeners: {} })
  const answers = [undefined, new Error('Docker is busy'), 2 * mebibyte]
  let looks = 0
  const writableBytes = async () => {
    const answer = answers[looks]
    looks += 1
    if (answer instanceof Error) throw answer
    return looks > answers.length ? 2 * mebibyte + 1 : answer
  }
  await boundDisk({ docker: { writableBytes }, dockerId: 'played', place, limits })
  t.is(await place.lost, 'it wrote more than the 2 MiB of function-disk')
  t.is(looks, answers.length + 1)
})

test('one that is lost is looked at no more', async t => {
  const { place } = playContainer(t, { listeners: {} })
  let looks = 0
  const writableBytes = async () => {
    looks += 1
    return 0
  }
  const watched = boundDisk({ docker: { writableBytes }, dockerId: 'played', place, limits })
  await until('it is looked at', async () => looks > 1)
  place.lose('enough')
  await t.notThrowsAsync(watched)
})
