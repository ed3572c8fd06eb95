// growfs FOLDER: the XFS or btrfs file system mounted there takes all of its device. The kernel does it, when told; the
// programs that otherwise tell it weigh megabytes.
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

// From the kernel's fs/xfs/libxfs/xfs_fs.h, which is not among its exported headers.
#define XFS_SUPER_MAGIC 0x58465342
struct xfs_growfs_data {
  uint64_t newblocks; // in blocks of the file system
  uint32_t imaxpct;   // room for inodes, in percent
};
struct xfs_fsop_geom_v1 {
  uint32_t blocksize, rtextsize, agblocks, agcount, logblocks, sectsize, inodesize, imaxpct;
  uint64_t datablocks, rtblocks, rtextents, logstart;
  unsigned char uuid[16];
  uint32_t sunit, swidth;
  int32_t version;
  uint32_t flags, logsectsize, rtsectsize, dirblocksize;
};
#define XFS_IOC_FSGEOMETRY_V1 _IOR('X', 100, struct xfs_fsop_geom_v1)
#define XFS_IOC_FSGROWFSDATA _IOW('X', 110, struct xfs_growfs_data)

// Bytes of the device that the file system lies on; 0 if that is not known.
static uint64_t device_size(int folder) {
  struct stat status;
  char path[64];
  unsigned long long sectors = 0;
  if (fstat(folder, &status)) return 0;
  snprintf(path, sizeof path, "/sys/dev/block/%u:%u/size", major(status.st_dev), minor(status.st_dev));
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  if (fscanf(file, "%llu", &sectors) != 1) sectors = 0;
  fclose(file);
  return sectors * 512;
}

static int grow_xfs(int folder) {
  struct xfs_fsop_geom_v1 now;
  uint64_t size = device_size(folder);
  if (!size) {
    errno = ENODEV;
    return -1;
  }
  if (ioctl(folder, XFS_IOC_FSGEOMETRY_V1, &now)) return -1;
  struct xfs_growfs_data wanted = {size / now.blocksize, now.imaxpct};
  return wanted.newblocks > now.datablocks ? ioctl(folder, XFS_IOC_FSGROWFSDATA, &wanted) : 0;
}

static int grow_btrfs(int folder) {
  struct btrfs_ioctl_vol_args all = {.name = "max"};
  return ioctl(folder, BTRFS_IOC_RESIZE, &all);
}

int main(int count, char **words) {
  struct statfs system;
  if (count != 2) {
    fprintf(stderr, "Usage: growfs FOLDER    makes the XFS or btrfs mounted there as large as its device\n");
    return 1;
  }
  int folder = open(words[1], O_RDONLY | O_DIRECTORY), failed = -1;
  if (folder >= 0 && !fstatfs(folder, &system)) {
    errno = EMEDIUMTYPE;
    if (system.f_type == XFS_SUPER_MAGIC) failed = grow_xfs(folder);
    if (system.f_type == BTRFS_SUPER_MAGIC) failed = grow_btrfs(folder);
  }
  if (!failed) return 0;
  fprintf(stderr, "%s: %s\n  expected the folder where an XFS or btrfs is mounted, and to be root\n", words[1],
          errno == EMEDIUMTYPE ? "is neither XFS nor btrfs" : strerror(errno));
  return 1;
}
