#!/bin/sh -eu
cc -dumpfullversion | grep -Fx "$VERSION"
cd "$(mktemp -d)"
printf '#include <iostream>\nint main() { std::cout << "built" << std::endl; }\n' > main.cc
printf 'main: main.cc\n\tc++ -flto -o main main.cc\n' > Makefile
make
./main | grep -Fx built
pkg-config --exists libelf
perl -MPOSIX -e 1
python3 -c 'import json, argparse'
