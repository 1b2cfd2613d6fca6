/** Bodies through the disk tier beside plain files in the same folder, and beside what fio says of the device. */
@NullMarked
package dev.verge.load.jmh.disk;

import org.jspecify.annotations.NullMarked;
