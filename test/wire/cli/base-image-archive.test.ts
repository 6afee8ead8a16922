/** `create base-image --from-file`: the Docker image comes from an archive, and no registry is asked. */
import test, { type ExecutionContext } from 'ava'
import { packArchive } from '../../helpers/docker-archive.ts'
import { createTestApp } from '../../helpers/test-app.ts'
import { createStage } from './stage.ts'

/** A command line whose requests a server answers that runs on a Docker in memory. */
async function createPlace(t: ExecutionContext) {
  const app = await createTestApp(t)
  const url = await app.app.api.listen({ host: '127.0.0.1', port: 0 })
  const port = new URL(url).port
  const stage = await createStage(t, () => ({ status: 500 }))
  const dispatch = (...words: string[]) => stage.dispatch([...words, '--port', port, '--organization', 'dispatch'])
  return { ...app, stage, dispatch }
}

test('the image is loaded, and the base image is READY on it', async t => {
  const { stage, dispatch, call, reach, docker } = await createPlace(t)
  stage.write('image.tar', await packArchive({ reference: 'team/base:1', labels: {} }))
  const { code, stdout, stderr } = await dispatch('create', 'base-image', 'mine', '--from-file', 'image.tar')
  t.deepEqual([code, stdout, stderr], [0, 'Created base image: mine\n', ''])
  await reach('/v1/baseimage/mine', 'READY')
  t.is((await call('GET', '/v1/baseimage/mine')).body.dockerUrl, 'team/base:1')
  t.deepEqual((await docker.findImage('team/base:1'))?.tags, ['team/base:1'])
})

test('a name without a tag stands for the one that is tagged latest', async t => {
  const { stage, dispatch } = await createPlace(t)
  stage.write('image.tar', await packArchive({ reference: 'team/base:latest', labels: {} }))
  const { code, stderr } = await dispatch('create', 'base-image', 'mine', 'team/base', '--from-file', 'image.tar')
  t.deepEqual([code, stderr], [0, ''])
})

test('an archive without the image that is named is told', async t => {
  const { stage, dispatch } = await createPlace(t)
  stage.write('image.tar', await packArchive({ reference: 'team/base:1', labels: {} }))
  const { code, stderr } = await dispatch('create', 'base-image', 'mine', 'team/other:1', '--from-file', 'image.tar')
  t.deepEqual([code, stderr], [1, 'image.tar holds team/base:1, not team/other:1\n'])
})

test('what is no archive, empty, or not there is told, and no base image is made', async t => {
  const { stage, dispatch, call } = await createPlace(t)
  stage.write('text.tar', 'hello')
  stage.write('empty.tar', '')
  const create = async (file: string) => await dispatch('create', 'base-image', 'mine', '--from-file', file)
  t.regex((await create('text.tar')).stderr, /^\[Code: 400\] archive was refused: it is no archive of Docker images/)
  t.is((await create('empty.tar')).stderr, 'error reading archive: empty.tar is empty\n')
  t.is((await create('none.tar')).stderr, 'error reading archive: open none.tar: no such file or directory\n')
  t.is((await call('GET', '/v1/baseimage/mine')).status, 404)
})

test('without an archive the URL is needed, as ever', async t => {
  const { dispatch } = await createPlace(t)
  t.regex((await dispatch('create', 'base-image', 'mine')).stderr, /accepts 2 arg\(s\), received 1/)
})
