import type { Json, Reply } from './varlink.ts'

export type Parameters = { [name: string]: Json }
export interface Call {
  method: string
  parameters?: Parameters | ((earlier: Map<string, Reply>) => Parameters)
  /** The error that is the right answer. */
  error?: string
  more?: true
  /** On a connection of its own, which is given up then. */
  upgrade?: true
}

const NOT_IMPLEMENTED = 'org.varlink.service.MethodNotImplemented'
export const TINY = 'localhost/tiny:latest'
export const of = (name: string): Parameters => ({ name })

/** Every method of io.podman, in an order in which each finds what it needs; `blank` makes an empty value of a type. */
export function everyCall(registry: string, blank: (type: string) => Parameters): Call[] {
  const text = (earlier: Map<string, Reply>, method: string, ...path: string[]): string => {
    let value: Json | undefined = earlier.get(method)?.parameters
    for (const name of path) value = (value as Parameters)[name]
    return value as string
  }
  const create = (name: string, ...command: string[]): Parameters => ({
    create: {
      args: [TINY, '/bin/busybox', ...command],
      name,
      healthcheckCommand: '["CMD","/bin/busybox","true"]',
      label: ['kind=tree', 'leaf=green'],
      memory: '64m',
      env: ['A=b c'],
    },
  })
  return [
    { method: 'GetVersion' },
    { method: 'GetInfo' },
    { method: 'Reset', error: NOT_IMPLEMENTED },
    { method: 'VolumeCreate', parameters: { options: { ...blank('VolumeCreateOpts'), volumeName: 'sap' } } },
    { method: 'GetVolumes', parameters: { args: [], all: true } },
    {
      method: 'GetVolumes',
      parameters: { args: ['nothing'], all: false },
      error: 'io.podman.VolumeNotFound',
    },
    { method: 'InspectVolume', parameters: of('sap') },
    { method: 'InspectVolume', parameters: of('nothing'), error: 'io.podman.VolumeNotFound' },
    { method: 'VolumeRemove', parameters: { options: { volumes: ['sap', 'x'], all: false, force: false } } },
    { method: 'VolumesPrune' },

    { method: 'CreateContainer', parameters: create('oak', 'sleep', '1000') },
    { method: 'CreateContainer', parameters: create('ash', 'echo', 'fallen') },
    {
      method: 'CreateContainer',
      parameters: { create: { args: ['localhost/nothing'] } },
      error: 'io.podman.ImageNotFound',
    },
    { method: 'CreateFromCC', parameters: { in: [] }, error: NOT_IMPLEMENTED },
    { method: 'ContainerExists', parameters: of('oak') },
    { method: 'InitContainer', parameters: of('oak') },
    { method: 'InitContainer', parameters: of('oak'), error: 'io.podman.InvalidState' },
    { method: 'GetContainerStats', parameters: of('oak'), error: 'io.podman.NoContainerRunning' },
    { method: 'StartContainer', parameters: of('oak') },
    { method: 'StartContainer', parameters: of('oak'), error: 'io.podman.ErrorOccurred' },
    { method: 'StartContainer', parameters: of('ash') },
    { method: 'StartContainer', parameters: of('nothing'), error: 'io.podman.ContainerNotFound' },
    { method: 'WaitContainer', parameters: { name: 'ash', interval: 100 } },
    { method: 'ListContainers' },
    { method: 'Ps', parameters: { opts: { all: true, size: true } } },
    { method: 'GetContainersByStatus', parameters: { status: ['running'] } },
    { method: 'GetContainer', parameters: { id: 'oak' } },
    { method: 'GetContainersByContext', parameters: { all: true, latest: false, args: null } },
    { method: 'InspectContainer', parameters: of('oak') },
    { method: 'ContainerInspectData', parameters: { name: 'oak', size: false } },
    { method: 'ContainerConfig', parameters: of('oak') },
    { method: 'ContainerStateData', parameters: of('oak') },
    { method: 'Spec', parameters: of('oak'), error: NOT_IMPLEMENTED },
    { method: 'ContainerArtifacts', parameters: { name: 'oak', artifactName: 'x' }, error: NOT_IMPLEMENTED },
    { method: 'AttachControl', parameters: of('oak'), error: NOT_IMPLEMENTED },
    { method: 'GetAttachSockets', parameters: of('oak'), error: NOT_IMPLEMENTED },
    { method: 'ContainerRunlabel', parameters: { runlabel: blank('Runlabel') }, error: NOT_IMPLEMENTED },
    { method: 'PauseContainer', parameters: of('oak') },
    { method: 'UnpauseContainer', parameters: of('oak') },
    { method: 'UnpauseContainer', parameters: of('oak'), error: 'io.podman.InvalidState' },
    { method: 'ListContainerProcesses', parameters: { name: 'oak', opts: [] } },
    { method: 'Top', parameters: { nameOrID: 'oak', descriptors: ['pid', 'args'] } },
    { method: 'HealthCheckRun', parameters: { nameOrID: 'oak' } },
    { method: 'GetContainerStats', parameters: of('oak') },
    {
      method: 'GetContainerStatsWithHistory',
      parameters: (earlier) => ({
        previousStats: earlier.get('GetContainerStats')?.parameters?.container as Parameters,
      }),
    },
    { method: 'ListContainerChanges', parameters: of('oak') },
    { method: 'Diff', parameters: of('oak') },
    { method: 'Diff', parameters: of('nothing'), error: 'io.podman.ContainerNotFound' },
    { method: 'GetContainerLogs', parameters: of('ash') },
    {
      method: 'GetContainersLogs',
      parameters: { names: ['ash'], follow: false, latest: false, since: '', tail: -1, timestamps: true },
      more: true,
    },
    {
      method: 'GetContainersLogs',
      parameters: { names: ['ash'], follow: false, latest: false, since: '', tail: -1, timestamps: true },
      error: 'io.podman.WantsMoreRequired',
    },
    { method: 'GetEvents', parameters: { filter: [], since: '2020-01-01T00:00:00Z', until: '' } },
    {
      method: 'Attach',
      parameters: { name: 'oak', detachKeys: '', start: false },
      error: 'io.podman.ErrorOccurred',
    },
    {
      method: 'Attach',
      parameters: { name: 'nothing', detachKeys: '', start: false },
      upgrade: true,
      error: 'io.podman.ContainerNotFound',
    },
    {
      method: 'ExecContainer',
      parameters: { opts: { name: 'oak', tty: false, privileged: false, cmd: ['/bin/busybox', 'true'] } },
      upgrade: true,
    },
    { method: 'SendFile', parameters: { type: '', length: 5 }, upgrade: true },
    { method: 'ReceiveFile', parameters: { path: '/etc/passwd', delete: false }, upgrade: true },
    { method: 'MountContainer', parameters: of('ash') },
    { method: 'ListContainerMounts' },
    { method: 'UnmountContainer', parameters: { name: 'ash', force: false } },
    { method: 'GenerateKube', parameters: { name: 'oak', service: true } },
    // There is no CRIU in the image.
    {
      method: 'ContainerCheckpoint',
      parameters: { name: 'oak', keep: false, leaveRunning: false, tcpEstablished: false },
      error: 'io.podman.ErrorOccurred',
    },
    {
      method: 'ContainerRestore',
      parameters: { name: 'ash', keep: false, tcpEstablished: false },
      error: 'io.podman.ErrorOccurred',
    },
    { method: 'ExportContainer', parameters: { name: 'ash', path: '' } },

    { method: 'ListImages' },
    { method: 'ListImagesWithFilters', parameters: { filters: ['reference=localhost/tiny'] } },
    { method: 'GetImage', parameters: { id: TINY } },
    { method: 'GetImage', parameters: { id: 'nothing' }, error: 'io.podman.ImageNotFound' },
    { method: 'InspectImage', parameters: of(TINY) },
    { method: 'HistoryImage', parameters: of(TINY) },
    { method: 'ImageExists', parameters: of('nothing') },
    { method: 'ImageTree', parameters: { name: TINY, whatRequires: false } },
    { method: 'TagImage', parameters: { name: TINY, tagged: 'localhost/seed:1' } },
    { method: 'UntagImage', parameters: { name: TINY, tag: 'localhost/seed:1' } },
    {
      method: 'PushImage',
      parameters: {
        name: TINY,
        tag: `${registry}/seed:1`,
        compress: false,
        format: '',
        removeSignatures: false,
        signBy: '',
      },
      more: true,
    },
    {
      method: 'PullImage',
      parameters: { name: `${registry}/seed:1`, creds: blank('AuthConfig') },
      more: true,
    },
    { method: 'SearchImages', parameters: { query: `${registry}/seed`, filter: { star_count: 0 } } },
    {
      method: 'BuildImage',
      parameters: {
        build: {
          ...blank('BuildInfo'),
          contextDir: '/tmp/context.tar',
          dockerfiles: ['Containerfile'],
          output: 'localhost/grown',
        },
      },
      more: true,
    },
    {
      method: 'Commit',
      parameters: {
        name: 'ash',
        image_name: 'localhost/stump',
        changes: [],
        author: 'me',
        message: '',
        pause: false,
        manifestType: 'oci',
      },
    },
    {
      method: 'ImageSave',
      parameters: {
        options: { ...blank('ImageSaveOptions'), name: TINY, format: 'oci-archive', quiet: true },
      },
    },
    {
      method: 'LoadImage',
      parameters: (earlier) => ({
        name: '',
        inputFile: text(earlier, 'ImageSave', 'reply', 'id'),
        quiet: true,
        deleteFile: true,
      }),
    },
    {
      method: 'ImportImage',
      parameters: (earlier) => ({
        source: text(earlier, 'ExportContainer', 'tarfile'),
        reference: 'localhost/imported',
        message: '',
        changes: [],
        delete: true,
      }),
    },
    {
      method: 'ExportImage',
      parameters: { name: TINY, destination: 'oci-archive:/tmp/tiny-image.tar', compress: false, tags: [] },
    },
    { method: 'GetLayersMapWithImageInfo', error: NOT_IMPLEMENTED },
    { method: 'BuildImageHierarchyMap', parameters: of(TINY), error: NOT_IMPLEMENTED },
    { method: 'RemoveImage', parameters: { name: 'localhost/stump', force: false } },
    { method: 'RemoveImageWithResponse', parameters: { name: 'localhost/imported', force: false } },
    {
      method: 'RemoveImageWithResponse',
      parameters: { name: 'nothing', force: false },
      error: 'io.podman.ImageNotFound',
    },
    { method: 'ImagesPrune', parameters: { all: false, filter: [] } },

    {
      method: 'CreatePod',
      parameters: { create: { ...blank('PodCreate'), name: 'wood', labels: { soil: 'wet' } } },
    },
    { method: 'GetPodStats', parameters: of('wood'), error: 'io.podman.NoContainersInPod' },
    {
      method: 'CreateContainer',
      parameters: { create: { args: [TINY, '/bin/busybox', 'sleep', '1000'], name: 'elm', pod: 'wood' } },
    },
    { method: 'GetPodStats', parameters: of('wood'), error: 'io.podman.NoContainerRunning' },
    { method: 'StartPod', parameters: of('wood') },
    { method: 'ListPods' },
    { method: 'GetPod', parameters: of('wood') },
    { method: 'GetPod', parameters: of('nothing'), error: 'io.podman.PodNotFound' },
    { method: 'GetPodsByStatus', parameters: { statuses: ['running'] } },
    { method: 'GetPodsByContext', parameters: { all: false, latest: true, args: [] } },
    { method: 'InspectPod', parameters: of('wood') },
    { method: 'PodStateData', parameters: of('wood') },
    { method: 'GetPodStats', parameters: of('wood') },
    { method: 'TopPod', parameters: { pod: 'wood', latest: false, descriptors: [] } },
    { method: 'PausePod', parameters: of('wood') },
    { method: 'UnpausePod', parameters: of('wood') },
    { method: 'RestartPod', parameters: of('wood') },
    { method: 'KillPod', parameters: { name: 'wood', signal: 9 } },
    { method: 'StopPod', parameters: { name: 'wood', timeout: 0 } },
    { method: 'RemovePod', parameters: { name: 'wood', force: true } },

    {
      method: 'RemoveContainer',
      parameters: { name: 'oak', force: false, removeVolumes: false },
      error: 'io.podman.InvalidState',
    },
    { method: 'RestartContainer', parameters: { name: 'oak', timeout: 0 } },
    { method: 'KillContainer', parameters: { name: 'oak', signal: 9 } },
    { method: 'WaitContainer', parameters: { name: 'oak', interval: 100 } },
    { method: 'StopContainer', parameters: { name: 'oak', timeout: 0 }, error: 'io.podman.ErrCtrStopped' },
    { method: 'StartContainer', parameters: of('oak') },
    { method: 'StopContainer', parameters: { name: 'oak', timeout: 0 } },
    { method: 'RemoveContainer', parameters: { name: 'oak', force: false, removeVolumes: true } },
    { method: 'CreateContainer', parameters: create('yew', 'true') },
    { method: 'EvictContainer', parameters: { name: 'yew', removeVolumes: true } },
    { method: 'DeleteStoppedContainers' },
    { method: 'DeleteUnusedImages' },
  ]
}
