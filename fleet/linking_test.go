package fleet_test

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"

// Users of one database link nothing of the other, and nobody links the test
// tools or telemetry that they don't import.
func TestEachStoreLinksItsOwnDatabaseOnly(t *testing.T) {
	t.Parallel()
	for pkg, foreign := range map[string][]string{
		"":             {"jackc/pgx", "modernc.org", "lib/pq", "opentelemetry", "twiliotest"},
		"/fleetpg":     {"modernc.org", "riversqlite", "lib/pq", "opentelemetry", "twiliotest"},
		"/fleetsqlite": {"jackc/pgx", "riverpgxv5", "lib/pq", "opentelemetry", "twiliotest"},
		"/fleetotel":   {"jackc/pgx", "modernc.org", "lib/pq", "twiliotest"},
	} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", module+pkg).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", pkg, err, out)
		}
		if !strings.Contains(string(out), "github.com/riverqueue/river\n") {
			t.Errorf("fleet%s doesn't link River", pkg)
		}
		for _, other := range foreign {
			if strings.Contains(string(out), other) {
				t.Errorf("fleet%s links %s", pkg, other)
			}
		}
	}
}
