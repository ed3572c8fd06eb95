import type { Machine } from '@boot2podman/qemu'

/** What a cluster is asked for while it works: states come when they come, emulated after minutes. */
const PATIENCE = 900

/** kubectl, as the machine's user. */
export async function kubectl(machine: Machine, words: string, timeout = 60): Promise<string> {
  return await machine.run(`kubectl ${words}`, { timeout })
}

/** Waits until `command` prints what matches `pattern` (of grep -E). Returns what it printed. */
export async function untilPrinted(machine: Machine, command: string, pattern: string): Promise<string> {
  const loop = `for i in $(seq ${PATIENCE}); do text=$(${command} 2>&1); echo "$text" | grep -qE '${pattern}' && break; sleep 1; done`
  return await machine.run(`${loop}; echo "$text"; echo "$text" | grep -qE '${pattern}'`, {
    timeout: PATIENCE + 60,
  })
}

/** Makes a cluster of the machine. */
export async function startCluster(machine: Machine, words = ''): Promise<string> {
  const said = await machine.run(`sudo kubernetes start ${words}`, { timeout: PATIENCE })
  await untilPrinted(machine, 'kubectl -n kube-system get pods', 'coredns-.* 1/1 .*Running')
  return said
}

/** Gives the cluster objects; YAML. */
export async function apply(machine: Machine, yaml: string): Promise<void> {
  await machine.run(`kubectl apply -f - <<'END'\n${yaml}\nEND`, { timeout: 60 })
}

/** A pod's template that answers HTTP on port 8080 with its name and what it was given. */
export const WEB = `
    spec:
      containers:
        - name: web
          image: localhost/tiny
          imagePullPolicy: Never
          command: [/bin/busybox, sh, -c]
          args:
            - |
              /bin/busybox echo begun
              /bin/busybox mkdir -p /www
              echo "$HOSTNAME $COLOUR $(/bin/busybox cat /secret/word)" >/www/index.html
              exec /bin/busybox httpd -f -p 8080 -h /www
          env: [{ name: COLOUR, valueFrom: { configMapKeyRef: { name: colours, key: colour } } }]
          volumeMounts: [{ name: secret, mountPath: /secret }, { name: kept, mountPath: /kept }]
          readinessProbe: { httpGet: { port: 8080, path: / } }
      terminationGracePeriodSeconds: 1
      volumes:
        - { name: secret, secret: { secretName: words } }
        - { name: kept, persistentVolumeClaim: { claimName: kept } }
`

/** The service `web` before pods that answer HTTP on port 8080; a document of YAML after another one. */
export const SERVICE = `---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
`
