// Package sqldb runs statements over database/sql.
package sqldb

import (
	"context"
	"database/sql"
	"strings"
)

// A Handle is a *sql.DB, *sql.Tx or *sql.Conn.
type Handle interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// A Querier is an engine.Querier.
type Querier struct {
	Handle  Handle
	Replace *strings.Replacer // of what stands for the database's own syntax
}

// Exec runs a statement.
func (q Querier) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := q.Handle.ExecContext(ctx, q.Replace.Replace(query), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Query runs a query.
func (q Querier) Query(ctx context.Context, query string, args []any, row func(scan func(...any) error) error) error {
	rows, err := q.Handle.QueryContext(ctx, q.Replace.Replace(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
