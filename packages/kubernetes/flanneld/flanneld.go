// Package flanneld joins the pod networks of a cluster's nodes: flannel's vxlan and host-gw back ends, with subnets that
// Kubernetes gives. Flannel's own command brings the back ends of clouds with it, and their libraries.
package flanneld

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/flannel-io/flannel/pkg/backend"
	_ "github.com/flannel-io/flannel/pkg/backend/hostgw"
	_ "github.com/flannel-io/flannel/pkg/backend/vxlan"
	"github.com/flannel-io/flannel/pkg/ip"
	"github.com/flannel-io/flannel/pkg/ipmatch"
	"github.com/flannel-io/flannel/pkg/subnet"
	"github.com/flannel-io/flannel/pkg/subnet/kube"
	"github.com/flannel-io/flannel/pkg/trafficmngr"
	"github.com/flannel-io/flannel/pkg/trafficmngr/iptables"
	"github.com/flannel-io/flannel/pkg/trafficmngr/nftables"
	"github.com/flannel-io/flannel/pkg/version"
	"k8s.io/klog/v2"
)

// resync is how often, in seconds, the rules are looked at and mended.
const resync = 5

// options are those of flannel's own command that this one has, by the same names.
type options struct {
	kubeconfig  string
	kubeAPI     string
	prefix      string
	netConf     string
	subnetFile  string
	iface       string
	ifaceRegex  string
	publicIP    string
	publicIPv6  string
	ipMasq      bool
	nodeReady   bool
	healthzIP   string
	healthzPort int
}

// Main is the program.
func Main() {
	set := flag.NewFlagSet("flanneld", flag.ExitOnError)
	klog.InitFlags(set)
	var o options
	set.StringVar(&o.kubeconfig, "kubeconfig-file", "", "how to reach the cluster; in a pod it is known")
	set.StringVar(&o.kubeAPI, "kube-api-url", "", "address of the API server, in place of the kubeconfig's")
	set.StringVar(&o.prefix, "kube-annotation-prefix", "flannel.alpha.coreos.com", "of the annotations on nodes")
	set.StringVar(&o.netConf, "net-config-path", "/etc/kube-flannel/net-conf.json", "the network's configuration")
	set.StringVar(&o.subnetFile, "subnet-file", "/run/flannel/subnet.env", "where to write this node's subnet")
	set.StringVar(&o.iface, "iface", "", "name or address of the interface to the other nodes (default: the default route's)")
	set.StringVar(&o.ifaceRegex, "iface-regex", "", "the same, as an expression")
	set.StringVar(&o.publicIP, "public-ip", "", "address by which other nodes reach this one")
	set.StringVar(&o.publicIPv6, "public-ipv6", "", "the same, IPv6")
	set.BoolVar(&o.ipMasq, "ip-masq", false, "masquerade what leaves the pod network")
	set.BoolVar(&o.nodeReady, "set-node-network-unavailable", true, "tell the cluster when this node's network is up")
	set.StringVar(&o.healthzIP, "healthz-ip", "0.0.0.0", "address of /healthz")
	set.IntVar(&o.healthzPort, "healthz-port", 0, "port of /healthz (0: none)")
	// There is no other way of having subnets here; manifests name it nevertheless.
	set.Bool("kube-subnet-mgr", true, "have subnets from Kubernetes; always so")
	showVersion := set.Bool("version", false, "show the version")
	set.Parse(os.Args[1:])
	if *showVersion {
		fmt.Println(version.Version)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := o.run(ctx)
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "flanneld:", err)
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer cancel()

	manager, err := kube.NewSubnetManager(ctx, o.kubeAPI, o.kubeconfig, o.prefix, o.netConf, o.nodeReady)
	if err != nil {
		return err
	}
	if err := o.serveHealth(ctx, &work); err != nil {
		return err
	}
	config, err := manager.GetNetworkConfig(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", o.netConf, err)
	}
	external, err := o.external(ctx, manager, config)
	if err != nil {
		return err
	}
	back, err := backend.NewManager(ctx, manager, external).GetBackend(config.BackendType)
	if err != nil {
		return fmt.Errorf("%s: %w\n  expected vxlan or host-gw", o.netConf, err)
	}
	network, err := back.RegisterNetwork(ctx, &work, config)
	if err != nil {
		return err
	}
	if err := o.setRules(ctx, config, network); err != nil {
		return err
	}
	lease := network.Lease()
	if err := manager.HandleSubnetFile(o.subnetFile, config, o.ipMasq, lease.Subnet, lease.IPv6Subnet, network.MTU()); err != nil {
		return fmt.Errorf("%s: %w", o.subnetFile, err)
	}
	work.Go(func() { network.Run(ctx) })
	if err := manager.CompleteLease(ctx, lease, &work); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// serveHealth answers /healthz, for whoever restarts what does not answer.
func (o *options) serveHealth(ctx context.Context, work *sync.WaitGroup) error {
	if o.healthzPort == 0 {
		return nil
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(o.healthzIP, fmt.Sprint(o.healthzPort)))
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "flanneld is running") })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	work.Go(func() { server.Serve(listener) })
	return nil
}

// external is the interface that leads to the other nodes.
func (o *options) external(ctx context.Context, manager subnet.Manager, config *subnet.Config) (*backend.ExternalInterface, error) {
	stack, err := ipmatch.GetIPFamily(config.EnableIPv4, config.EnableIPv6)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.netConf, err)
	}
	public := ipmatch.PublicIPOpts{PublicIP: o.publicIP, PublicIPv6: o.publicIPv6}
	ipv4, ipv6 := manager.GetStoredPublicIP(ctx)
	if ipv4 != "" {
		public.PublicIP = ipv4
	}
	if ipv6 != "" {
		public.PublicIPv6 = ipv6
	}
	name := o.iface
	if name == "" && o.ifaceRegex == "" {
		name = cmp.Or(public.PublicIP, public.PublicIPv6)
	}
	return ipmatch.LookupExtIface(name, o.ifaceRegex, "", stack, public)
}

// setRules has the firewall let pods through, and takes away what the other kind of rules left from an earlier run.
func (o *options) setRules(ctx context.Context, config *subnet.Config, network backend.Network) error {
	if err := rulesBy(!config.EnableNFTables).CleanUp(ctx); err != nil {
		return err
	}
	rules := rulesBy(config.EnableNFTables)
	if err := rules.Init(ctx); err != nil {
		return err
	}
	if o.ipMasq {
		before := readSubnetFile(o.subnetFile)
		if err := rules.SetupAndEnsureMasqRules(ctx,
			config.Network, before.ipv4("FLANNEL_SUBNET"), before.ipv4("FLANNEL_NETWORK"),
			config.IPv6Network, before.ipv6("FLANNEL_IPV6_SUBNET"), before.ipv6("FLANNEL_IPV6_NETWORK"),
			network.Lease(), resync, false); err != nil {
			return err
		}
	}
	rules.SetupAndEnsureForwardRules(ctx, config.Network, config.IPv6Network, resync)
	return nil
}

func rulesBy(nft bool) trafficmngr.TrafficManager {
	if nft {
		return &nftables.NFTablesManager{}
	}
	return &iptables.IPTablesManager{}
}

// subnetFile is what an earlier run wrote: NAME=VALUE lines.
type subnetFile map[string]string

// readSubnetFile gives nothing when there was no earlier run.
func readSubnetFile(path string) subnetFile {
	values := subnetFile{}
	file, err := os.Open(path)
	if err != nil {
		return values
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok {
			values[name] = value
		}
	}
	return values
}

func (s subnetFile) ipv4(name string) ip.IP4Net {
	if _, found, err := net.ParseCIDR(s[name]); err == nil {
		return ip.FromIPNet(found)
	}
	return ip.IP4Net{}
}

func (s subnetFile) ipv6(name string) ip.IP6Net {
	if _, found, err := net.ParseCIDR(s[name]); err == nil {
		return ip.FromIP6Net(found)
	}
	return ip.IP6Net{IP: (*ip.IP6)(big.NewInt(0))}
}
