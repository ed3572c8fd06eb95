// The CNI plugins as one program: each is a link to it, and the name that it is called by says which one runs.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	dhcp "github.com/containernetworking/plugins/plugins/ipam/dhcp"
	hostlocal "github.com/containernetworking/plugins/plugins/ipam/host-local"
	static "github.com/containernetworking/plugins/plugins/ipam/static"
	bridge "github.com/containernetworking/plugins/plugins/main/bridge"
	dummy "github.com/containernetworking/plugins/plugins/main/dummy"
	hostdevice "github.com/containernetworking/plugins/plugins/main/host-device"
	ipvlan "github.com/containernetworking/plugins/plugins/main/ipvlan"
	loopback "github.com/containernetworking/plugins/plugins/main/loopback"
	macvlan "github.com/containernetworking/plugins/plugins/main/macvlan"
	ptp "github.com/containernetworking/plugins/plugins/main/ptp"
	tap "github.com/containernetworking/plugins/plugins/main/tap"
	vlan "github.com/containernetworking/plugins/plugins/main/vlan"
	bandwidth "github.com/containernetworking/plugins/plugins/meta/bandwidth"
	firewall "github.com/containernetworking/plugins/plugins/meta/firewall"
	portmap "github.com/containernetworking/plugins/plugins/meta/portmap"
	sbr "github.com/containernetworking/plugins/plugins/meta/sbr"
	tuning "github.com/containernetworking/plugins/plugins/meta/tuning"
	vrf "github.com/containernetworking/plugins/plugins/meta/vrf"
)

// build.sh makes a link for each name here.
var plugins = map[string]func(){
	"bandwidth":   bandwidth.Main,
	"bridge":      bridge.Main,
	"dhcp":        dhcp.Main,
	"dummy":       dummy.Main,
	"firewall":    firewall.Main,
	"host-device": hostdevice.Main,
	"host-local":  hostlocal.Main,
	"ipvlan":      ipvlan.Main,
	"loopback":    loopback.Main,
	"macvlan":     macvlan.Main,
	"portmap":     portmap.Main,
	"ptp":         ptp.Main,
	"sbr":         sbr.Main,
	"static":      static.Main,
	"tap":         tap.Main,
	"tuning":      tuning.Main,
	"vlan":        vlan.Main,
	"vrf":         vrf.Main,
}

func main() {
	name := filepath.Base(os.Args[0])
	plugin, known := plugins[name]
	if !known {
		fmt.Fprintf(os.Stderr, "%s: this program is a CNI plugin by the name that it is called by\n", name)
		os.Exit(1)
	}
	plugin()
}
