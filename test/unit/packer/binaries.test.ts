import test from 'ava'
import { planBlob, programs } from '../../../packer/binaries.ts'

const target = { dist: '/checkout/dist', outDir: '/checkout/build/bin', node: '/node', platform: 'linux-x64' }

test('the server carries the file of its store thread, the client nothing', t => {
  const plans = programs.map(program => planBlob(program, target, '/blob'))
  t.like(plans[0], { main: '/checkout/dist/dispatch-cli.cjs', output: '/blob', assets: {} })
  t.deepEqual(plans[1]?.assets, {
    'sqlite-worker.cjs': '/checkout/dist/sqlite-worker.cjs',
    'drivers/http.cjs': '/checkout/dist/drivers/http.cjs',
    'drivers/vcenter.cjs': '/checkout/dist/drivers/vcenter.cjs',
  })
})

test('compiled code is only put into files for the platform that it was compiled on', t => {
  for (const program of programs) {
    t.true(planBlob(program, target, '/blob').useCodeCache)
    t.false(planBlob(program, { ...target, platform: 'darwin-arm64' }, '/blob').useCodeCache)
  }
})
