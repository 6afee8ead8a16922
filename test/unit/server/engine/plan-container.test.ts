/** A container is planned from its image and its directories; an image that holds no fitting runtime is refused. */
import test from 'ava'
import type { NetworkKind, RuntimeImage } from '../../../../server/core/execution.ts'
import { defaultLimits } from '../../../../server/engine/options.ts'
import { planContainer } from '../../../../server/engine/plan-container.ts'
import { dockerImageOf } from '../../../helpers/docker-image.ts'

const image: RuntimeImage = { dockerImage: 'dispatch-solo/nodejs:1', language: 'nodejs', contract: 'worker' }
const network: NetworkKind = 'none'
const request = {
  id: 'c1',
  image,
  network,
  dirs: { root: '/data/c1', socket: '/data/c1/socket', code: '/data/c1/code' },
}
const options = { instanceId: '12345678-rest', nodePath: '/opt/node', limits: defaultLimits }
const found = (labels: Record<string, string>) => dockerImageOf({ labels })
const labels = { 'io.dispatchframework.solo.language': 'nodejs', 'io.dispatchframework.solo.protocol': '1' }

test('directories are mounted read-only, the instance is labelled', t => {
  t.like(planContainer(request, found(labels), options), {
    name: 'dispatch-12345678-c1',
    network: 'none',
    dockerImage: 'dispatch-solo/nodejs:1',
    labels: { 'io.dispatchframework.solo.instance': '12345678-rest' },
    mounts: [
      { hostPath: '/data/c1/socket', path: '/run/dispatch', readOnly: true },
      { hostPath: '/data/c1/code', path: '/function', readOnly: true },
    ],
  })
})

test("the server's Node is mounted where the image asks for it", t => {
  const { mounts } = planContainer(request, found({ ...labels, 'io.dispatchframework.solo.node': 'mounted' }), options)
  t.deepEqual(mounts[2], { hostPath: '/opt/node', path: '/usr/bin/node', readOnly: true })
})

test('an image that is not on this machine is named', t => {
  t.throws(() => planContainer(request, undefined, options), {
    message: /dispatch-solo\/nodejs:1 is not on this machine/,
  })
})

for (const wrong of [
  {},
  { ...labels, 'io.dispatchframework.solo.protocol': '2' },
  { ...labels, 'io.dispatchframework.solo.language': 'java' },
]) {
  test(`an image with ${JSON.stringify(wrong)} is refused`, t => {
    t.throws(() => planContainer(request, found(wrong), options), {
      message: /holds no nodejs runtime for this server/,
    })
  })
}
