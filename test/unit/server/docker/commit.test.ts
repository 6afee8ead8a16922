/** An image that is made of a container is as the container's image was. */
import test from 'ava'
import { planCommit } from '../../../../server/docker/commit.ts'

const image = { Env: ['PATH=/bin'], Cmd: ['/main'], User: '1', Labels: { language: 'l' } }

test('command, user and variables are those of the image', t => {
  const container = { Env: ['PATH=/other', 'TOKEN=secret=1'], Cmd: [], Entrypoint: ['/install'], User: '0:0' }
  t.deepEqual(planCommit(image, container, { own: '1' }), {
    Env: ['TOKEN=', 'PATH=/bin'],
    Cmd: ['/main'],
    Entrypoint: [],
    User: '1',
    Labels: { language: 'l', own: '1' },
  })
})

test('labels of the container alone are empty', t => {
  const { Labels } = planCommit(image, { Labels: { language: 'x', instance: 'i', own: '0' } }, { own: '1' })
  t.deepEqual(Labels, { language: 'l', instance: '', own: '1' })
})

test('an image with nothing of its own gives one with nothing', t => {
  t.deepEqual(planCommit({}, {}, {}), { Env: [], Cmd: [], Entrypoint: [], Labels: {} })
})
