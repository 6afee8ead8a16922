/** The text inside a VMDK that says what disk it is; VirtualBox demands this first line and this order of parts. */
import { descriptorSectors, sectorBytes } from './vmdk-layout.ts'

export interface VmdkIdentity {
  fileName: string
  capacitySectors: number
  cid: string
}

const heads = 255
const sectorsPerTrack = 63
const maxCylinders = 65535

/** Hardware version 4 and tools version 2147483647 (unmanaged) are what every VMware product takes. */
export function renderVmdkDescriptor({ fileName, capacitySectors, cid }: VmdkIdentity): string {
  const cylinders = Math.min(maxCylinders, Math.floor(capacitySectors / (heads * sectorsPerTrack)))
  return `# Disk DescriptorFile
version=1
CID=${cid}
parentCID=ffffffff
createType="streamOptimized"

# Extent description
RW ${capacitySectors} SPARSE "${fileName}"

# The Disk Data Base
#DDB

ddb.adapterType = "lsilogic"
ddb.geometry.cylinders = "${cylinders}"
ddb.geometry.heads = "${heads}"
ddb.geometry.sectors = "${sectorsPerTrack}"
ddb.toolsInstallType = "4"
ddb.toolsVersion = "2147483647"
ddb.virtualHWVersion = "4"
`
}

/** The descriptor in its reserved sectors, filled up with zeros. */
export function encodeVmdkDescriptor(identity: VmdkIdentity): Buffer {
  const area = Buffer.alloc(descriptorSectors * sectorBytes)
  area.write(renderVmdkDescriptor(identity), 'utf8')
  return area
}
