//go:build !unix

package main

// peakMemory is measured on Unix only.
func peakMemory() float64 { return 0 }
