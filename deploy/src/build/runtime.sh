#!/bin/sh
# Links a Java runtime with what the platform needs of a JDK, and no more. Usage: runtime.sh JDK FOLDER
set -eu

jdk=$1
runtime=$2

# java.sql, java.naming, java.security.jgss: the database's driver. jdk.internal.vm.ci, jdk.graal.compiler: what the compiler of
# function hosts takes the place of. jdk.jcmd, jdk.attach, jdk.jfr: heap, threads and recordings of a process that behaves oddly.
modules=java.base,java.compiler,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss
modules=$modules,java.security.sasl,java.sql,java.xml,jdk.attach,jdk.graal.compiler,jdk.internal.vm.ci,jdk.jcmd,jdk.jfr
modules=$modules,jdk.management,jdk.naming.dns,jdk.net,jdk.nio.mapmode,jdk.unsupported,jdk.zipfs

"$jdk/bin/jlink" --add-modules "$modules" --output "$runtime" --strip-debug --no-header-files --no-man-pages --compress zip-0 \
  --generate-cds-archive
"$runtime/bin/java" -version
