// Package cni gathers the CNI plugins.
package cni

import (
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

// Plugins are known by the names that they are called by; packages/cni-plugins has a link for each.
var Plugins = map[string]func(){
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
