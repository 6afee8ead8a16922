import test from 'ava'
import { usualHardware } from '../../../../packer/hardware.ts'
import { renderTable } from '../../../boot/matrix.ts'

const machine = { name: 'a-machine', like: 'ours', hardware: usualHardware, firmware: 'uefi' } as const

test('the table says what each machine has, and what came of it', t => {
  const results = [
    { machine, seconds: 71.6 },
    { machine, seconds: 9, remark: 'firmware without a driver' },
    { machine, seconds: 900, problem: 'no verdict\nlong text' },
  ]
  const [header, ...rows] = renderTable(results).split('\n')
  t.regex(header ?? '', /^machine +disk, network cards +CPUs +MiB +firmware +s +verdict$/)
  t.deepEqual(
    rows.map(row => row.replace(/ +/g, ' ')),
    [
      'a-machine virtio, virtio-net-pci 2 2048 UEFI 72 ok',
      'a-machine virtio, virtio-net-pci 2 2048 UEFI 9 ok; firmware without a driver',
      'a-machine virtio, virtio-net-pci 2 2048 UEFI 900 FAILED',
    ],
  )
})
