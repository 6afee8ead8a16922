/** How a function is built and run on an image of others. */
import test from 'ava'
import type { FunctionRevision } from '../../../../../server/core/execution.ts'
import {
  hasLanguageServer,
  isBuiltFrom,
  planFunctionImage,
  planHttpContainer,
  templateFolderOf,
} from '../../../../../server/engine/http/plan.ts'
import { defaultLimits } from '../../../../../server/engine/options.ts'
import { dockerImageOf } from '../../../../helpers/docker-image.ts'

const revision: FunctionRevision = {
  revisionId: 'r1',
  functionId: 'f1',
  org: 'o',
  name: 'hello',
  handler: 'hello.handle',
  dockerImage: 'sha256:parent',
  language: 'ruby',
  contract: 'http',
  placeCode: async () => undefined,
  limits: {},
}
const facts = { instanceId: 'i1', imageRegistry: 'dispatch', limits: defaultLimits, dockerImage: 'sha256:own' }

test('the image has the name and the arguments of the original, and labels of its own', t => {
  const { reference, args, labels } = planFunctionImage(revision, facts)
  t.is(reference, 'dispatch/func-r1:latest')
  t.deepEqual(args, { IMAGE: 'sha256:parent', HANDLER: 'hello.handle' })
  t.like(labels, { 'dispatch-function-id': 'f1', 'dispatch-function-revision': 'r1' })
  t.is(labels['io.dispatchframework.solo.build'], '')
})

test('an image that was built on another content is not that of the revision', t => {
  const { labels } = planFunctionImage(revision, facts)
  t.true(isBuiltFrom(dockerImageOf({ labels }), revision))
  t.false(isBuiltFrom(dockerImageOf({ labels }), { ...revision, dockerImage: 'sha256:other' }))
})

test('the container has the limits of its function, and nothing in its environment', t => {
  const limits = { memoryBytes: 5, cpus: 2 }
  t.like(planHttpContainer({ ...revision, limits }, facts), {
    name: 'dispatch-hello-r1',
    profile: 'foreign',
    network: 'foreign',
    mounts: [],
    ...limits,
  })
  t.deepEqual(planHttpContainer(revision, facts).env, {})
})

test('processes are enough for as many servers', t => {
  t.is(planHttpContainer(revision, facts).maxProcesses, 256)
  t.is(planHttpContainer({ ...revision, limits: { concurrency: 40 } }, facts).maxProcesses, 1280)
})

test('who wants several calls at once gets as many servers; who wants no network is closed', t => {
  const planned = planHttpContainer({ ...revision, limits: { concurrency: 4, network: 'none' } }, facts)
  t.deepEqual(planned.env, { SERVERS: '4' })
  t.is(planned.network, 'closed')
})

test('a label names the folder of the template, unless it is missing or empty', t => {
  const folderOf = (labels: Record<string, string>) => templateFolderOf(dockerImageOf({ labels }))
  t.is(folderOf({}), '/function-template')
  t.is(folderOf({ 'io.dispatchframework.functionTemplate': '' }), '/function-template')
  t.is(folderOf({ 'io.dispatchframework.functionTemplate': '/x' }), '/x')
})

test('the proxy of the original is known by its version', t => {
  t.true(hasLanguageServer(dockerImageOf({ env: { FUNKY_VERSION: '0.1.2' } })))
  t.false(hasLanguageServer(dockerImageOf()))
})
