import test from 'ava'
import { parseAsked } from '../../../../packer/deploy/arguments.ts'
import type { Ova } from '../../../../packer/deploy/target.ts'
import { renderCommand } from '../../../../packer/shell.ts'

const ova: Ova = {
  ...{ path: '/ova/solo.ova', descriptor: 'solo.ovf', disk: 'solo-disk1.vmdk', network: 'Bridged' },
  ...{ diskBytes: 10 * 1024 ** 3, properties: [] },
}

function plan(values: Record<string, string | boolean>): string[] {
  const { target, ...asked } = parseAsked(values)
  const steps = target.plan(ova, { ...asked, accelerator: 'kvm', workDir: '/tmp/deploy' })
  return steps.map(({ command }) => renderCommand(command))
}

const sizes = { cpus: '4', memory: '8192', 'disk-size': '40', start: true }

test('vSphere: everything that can be asked for', t => {
  const places = { datastore: 'ds 1', folder: '/dc/vm/solo', host: 'esx1', pool: 'pool1' }
  t.deepEqual(plan({ target: 'vsphere', name: 'solo', network: 'VM Network', ...places, ...sizes }), [
    "govc import.ova -name solo -ds 'ds 1' -folder /dc/vm/solo -host esx1 -pool pool1 -options - /ova/solo.ova",
    'govc vm.change -vm /dc/vm/solo/solo -c 4 -m 8192',
    "govc vm.disk.change -vm /dc/vm/solo/solo -disk.label 'Hard disk 1' -size 40G",
    'govc vm.power -on /dc/vm/solo/solo',
  ])
})

test('vSphere: the network is mapped by options on the standard input, or by a file of options', t => {
  const { target, ...asked } = parseAsked({ target: 'vsphere', network: 'VM Network' })
  const [step] = target.plan(ova, { ...asked, accelerator: 'tcg', workDir: '' })
  t.deepEqual(JSON.parse(step?.input ?? ''), {
    DiskProvisioning: 'thin',
    NetworkMapping: [{ Name: 'Bridged', Network: 'VM Network' }],
  })
  t.deepEqual(plan({ target: 'vsphere', options: '/x/o.json' }), [
    'govc import.ova -name dispatch-solo -options /x/o.json /ova/solo.ova',
  ])
  for (const flags of [{}, { network: 'a', options: 'b' }])
    t.throws(() => plan({ target: 'vsphere', ...flags }), { message: /Give --network, or --options/ })
})

test('VirtualBox: everything that can be asked for, and nothing', t => {
  t.deepEqual(plan({ target: 'virtualbox', name: 'solo', bridgeadapter: 'eth0', basefolder: '/vms', ...sizes }), [
    'VBoxManage import /ova/solo.ova --options importtovdi --vsys 0 --vmname solo --cpus 4 --memory 8192 --basefolder /vms',
    'VBoxManage modifyvm solo --nic1 bridged --bridgeadapter1 eth0',
    'VBoxManage modifymedium disk /vms/solo/solo-disk1.vdi --resize 40960',
    'VBoxManage startvm solo --type headless',
  ])
  t.deepEqual(plan({ target: 'virtualbox' }), ['VBoxManage import /ova/solo.ova --vsys 0 --vmname dispatch-solo'])
  t.throws(() => plan({ target: 'virtualbox', 'disk-size': '40' }), { message: /--disk-size takes --basefolder/ })
})

test('Proxmox VE: everything that can be asked for', t => {
  t.deepEqual(plan({ target: 'proxmox', vmid: '100', storage: 'local-lvm', bridge: 'vmbr1', ...sizes }), [
    'tar -xf /ova/solo.ova -C /tmp/deploy',
    'qm importovf 100 /tmp/deploy/solo.ovf local-lvm',
    'qm set 100 --name dispatch-solo --ostype l26 --net0 virtio,bridge=vmbr1 --scsihw virtio-scsi-pci --serial0 socket --cores 4 --memory 8192',
    'qm disk resize 100 scsi0 40G',
    'qm start 100',
  ])
})

test('QEMU: everything that can be asked for, with root on the terminal', t => {
  const [machine = '', ...before] = plan({ target: 'qemu', folder: '/vms/solo', port: '9080', ...sizes }).reverse()
  t.deepEqual(before.reverse(), [
    'mkdir /vms/solo',
    'tar -xf /ova/solo.ova -C /vms/solo solo-disk1.vmdk',
    'qemu-img convert -f vmdk -O qcow2 /vms/solo/solo-disk1.vmdk /vms/solo/dispatch-solo.qcow2',
    'rm /vms/solo/solo-disk1.vmdk',
    'qemu-img resize /vms/solo/dispatch-solo.qcow2 40G',
  ])
  const [hardware, ...credentials] = machine.split(' -smbios ')
  t.is(
    hardware,
    'qemu-system-x86_64 -machine q35 -accel kvm -cpu max -smp 4 -m 8192 -drive file=/vms/solo/dispatch-solo.qcow2,if=virtio,format=qcow2 -nic user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:9080-:443,hostfwd=tcp:127.0.0.1:9081-:8443 -display none -serial mon:stdio',
  )
  t.true(credentials.some(each => each.startsWith('type=11,value=io.systemd.credential.binary:tty.serial.ttyS0.')))
})

test("QEMU: a comma in a folder's name is part of the name", t => {
  const machine = plan({ target: 'qemu', folder: '/vm/a,b', start: true }).at(-1) ?? ''
  t.true(machine.includes('file=/vm/a,,b/dispatch-solo.qcow2,if=virtio'))
})

const refused: Record<string, [Record<string, string>, RegExp]> = {
  'no target': [{}, /--target takes one of vsphere, virtualbox, proxmox, qemu/],
  'a target that is a word of JavaScript': [{ target: 'constructor' }, /--target takes one of/],
  "another target's flag": [{ target: 'qemu', folder: 'x', vmid: '1' }, /--vmid is not for qemu, which takes --folder/],
  'a flag that is missing': [{ target: 'proxmox', vmid: '1' }, /proxmox takes --storage NAME/],
  'a value that a tool would take for a flag': [{ target: 'vsphere', network: '-x' }, /--network takes a value/],
  'an empty value': [{ target: 'qemu', folder: '' }, /--folder takes a value/],
  'a name that would be a path': [{ target: 'virtualbox', name: '../x' }, /--name takes letters/],
  'a port that is more than one': [
    { target: 'qemu', folder: 'x', port: '1-:22,hostfwd=tcp::2-' },
    /--port takes a whole/,
  ],
  'no processor': [{ target: 'virtualbox', cpus: '0' }, /--cpus takes a whole number above zero, not 0/],
}
for (const [what, [values, message]] of Object.entries(refused))
  test(`${what} is refused`, t => {
    t.throws(() => plan(values), { name: 'DeployRefused', message })
  })
