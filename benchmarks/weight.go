package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// weight is what a library costs a program that depends on it. It returns the
// CPU time of the first build with the standard library compiled already, the
// size of the binary, and the number of packages and modules that it needs.
type weight struct{}

func (weight) measure(ctx context.Context, r *rig, of entry) ([]float64, error) {
	if of.blind {
		return nil, nil
	}
	standard, err := r.standardLibrary(ctx)
	if err != nil {
		return nil, err
	}
	cache, err := os.MkdirTemp(r.dir, "cache")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(cache)
	if err := os.CopyFS(cache, os.DirFS(standard)); err != nil {
		return nil, err
	}
	source := "./programs/" + of.name
	binary := filepath.Join(cache, "program")
	_, cpu, err := command(ctx, cache, "go", "build", "-o", binary, source)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return nil, err
	}
	out, _, err := command(ctx, "", "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", source)
	if err != nil {
		return nil, err
	}
	packages := strings.Fields(string(out)) // each by its module's name
	modules := map[string]bool{}
	for _, module := range packages {
		modules[module] = true
	}
	return []float64{cpu.Seconds(), float64(info.Size()), float64(len(packages)), float64(len(modules))}, nil
}

// standardLibrary returns a build cache with what all programs use of the
// standard library, and nothing else.
func (r *rig) standardLibrary(ctx context.Context) (string, error) {
	cache := filepath.Join(r.dir, "std")
	if _, err := os.Stat(cache); err == nil {
		return cache, nil
	}
	out, _, err := command(ctx, "", "go", "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", "./programs/...")
	if err != nil {
		return "", err
	}
	_, _, err = command(ctx, cache, "go", append([]string{"build"}, strings.Fields(string(out))...)...)
	return cache, err
}
