/** Docker itself keeps what the port promises of networks and limits. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import test from 'ava'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { testNetworks } from './network-cases.ts'

const run = promisify(execFile)
const lines = async (...args: string[]) => (await run('docker', args)).stdout.split('\n').filter(line => line !== '')

testNetworks(test, {
  docker: createRealDocker(),
  runnable: {
    dockerImage: runtimeImage('python3').dockerImage,
    command: ['/usr/bin/python3', '-c', 'import time; time.sleep(600)'],
  },
  listNetworks: labels => {
    const filters = Object.entries(labels).flatMap(([name, value]) => ['--filter', `label=${name}=${value}`])
    return lines('network', 'ls', '--format', '{{.Name}}', ...filters)
  },
  removeNetwork: async name => void (await run('docker', ['network', 'rm', name])),
  limitsOf: async id => {
    const [found = '{}'] = await lines('inspect', '--format', '{{json .HostConfig}}', id)
    const { Memory, MemorySwap, NanoCpus, PidsLimit } = JSON.parse(found)
    if (Memory !== MemorySwap) throw new Error('swap is allowed')
    return { memoryBytes: Memory, cpus: NanoCpus / 1e9, maxProcesses: PidsLimit }
  },
})
