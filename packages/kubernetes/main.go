// All programs of a cluster as one: the control plane, a node's services, the cluster's DNS and pod network, and the tools that
// speak to them. They are mostly the same code, which is in the image and in memory once. Which of them runs is the name that it
// was called by, as with busybox.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	// CronJobs name time zones, and containers of this program have no list of them.
	_ "time/tzdata"

	"boot2podman.local/kubernetes/coredns"
	"boot2podman.local/kubernetes/flanneld"
	"boot2podman.local/kubernetes/program"
	"github.com/spf13/cobra"
	"go.etcd.io/etcd/etcdctl/v3/ctlv3"
	"go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app"
	kubeadmerrors "k8s.io/kubernetes/cmd/kubeadm/app/util/errors"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
	crictl "sigs.k8s.io/cri-tools/cmd/crictl"
)

// programs are known by the names that they are called by.
var programs = map[string]func(){
	"coredns":                 coredns.Main,
	"crictl":                  crictl.Main,
	"etcd":                    func() { etcdmain.Main(os.Args) },
	"etcdctl":                 ctlv3.MustStart,
	"flanneld":                flanneld.Main,
	"kube-apiserver":          func() { run(apiserver.NewAPIServerCommand()) },
	"kube-controller-manager": func() { run(controllers.NewControllerManagerCommand()) },
	"kube-proxy":              func() { run(proxy.NewProxyCommand()) },
	"kube-scheduler":          func() { run(scheduler.NewSchedulerCommand()) },
	"kubeadm":                 func() { kubeadmerrors.HandleError(kubeadm.Run()) },
	"kubectl":                 kubectlMain,
	"kubelet":                 func() { run(kubelet.NewKubeletCommand(context.Background())) },
}

func main() {
	main, known := programs[program.Name]
	if !known {
		names := slices.Sorted(maps.Keys(programs))
		fmt.Fprintf(os.Stderr, "%s: by the name that it is called by this program is one of\n  %s\n", program.Name, strings.Join(names, " "))
		os.Exit(1)
	}
	main()
}

func run(command *cobra.Command) {
	os.Exit(cli.Run(command))
}

func kubectlMain() {
	// What it tells while it reads its own configuration is before it has looked at its options.
	logs.GlogSetter(kubectl.GetLogVerbosity(os.Args))
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		kubectlutil.CheckErr(err)
	}
}
