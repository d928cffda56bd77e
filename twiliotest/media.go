package twiliotest

import (
	"bytes"
	"cmp"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path"
	"strings"
)

var mediaRoutes = []route{
	{"GET", "/Messages/{MessageSid}/Media", listMedia, 200},
	{"GET", "/Messages/{MessageSid}/Media/{Sid}", fetchMedia, 200},
	{"DELETE", "/Messages/{MessageSid}/Media/{Sid}", deleteMedia, 204},
}

// Without .json the path is that of the file itself. Like Twilio's it is
// public.
var mediaFileRoutes = []route{
	{"GET", "/Messages/{MessageSid}/Media/{Sid}", fetchMediaFile, 200},
}

// media is a file of a message.
type media struct {
	record
	AccountSID  string `json:"account_sid"`
	ContentType string `json:"content_type"`
	ParentSID   string `json:"parent_sid"`

	message *message
	link    string // where the file is from, whose extension says what it is
}

func (m *media) wire() any {
	return &struct {
		*media
		URI string `json:"uri"`
	}{m, m.message.path() + "/Media/" + m.SID + ".json"}
}

func (s *state) addMedia(m *message, link string) {
	file := &media{AccountSID: m.AccountSID, ParentSID: m.SID, ContentType: contentType(link), message: m, link: link}
	s.initRecord(&file.record, "ME")
	m.media.add(file)
}

func contentType(link string) string {
	switch strings.ToLower(path.Ext(link)) {
	case ".png":
		return "image/png"
	case ".gif":
		return "image/gif"
	}
	return "image/jpeg"
}

func listMedia(rq *request) (any, *problem) {
	m, prob := lookupBy[*message](rq, "MessageSid")
	p := rq.filters()
	created := p.dateFilter("DateCreated", rq.secondGrain)
	if prob = cmp.Or(prob, p.prob); prob != nil {
		return nil, prob
	}
	match := func(file *media) bool { return created.holds(file.Created.Time) }
	return page(rq, "media_list", &m.media, match, (*media).wire)
}

// lookupMedia finds the file that the path names, and its message.
func lookupMedia(rq *request) (*message, *media, *problem) {
	m, prob := lookupBy[*message](rq, "MessageSid")
	if prob != nil {
		return nil, nil, prob
	}
	file, ok := m.media.get(rq.vars["Sid"])
	if !ok {
		return nil, nil, rq.notFound()
	}
	return m, file, nil
}

func fetchMedia(rq *request) (any, *problem) {
	_, file, prob := lookupMedia(rq)
	if prob != nil {
		return nil, prob
	}
	return file.wire(), nil
}

// fetchMediaFile returns the file, which is a picture of one pixel.
func fetchMediaFile(rq *request) (any, *problem) {
	_, m, prob := lookupMedia(rq)
	if prob != nil {
		return nil, prob
	}
	var content bytes.Buffer
	pixel := image.NewPaletted(image.Rect(0, 0, 1, 1), palette.WebSafe)
	var err error
	switch m.ContentType {
	case "image/png":
		err = png.Encode(&content, pixel)
	case "image/gif":
		err = gif.Encode(&content, pixel, nil)
	default:
		err = jpeg.Encode(&content, pixel, nil)
	}
	if err != nil {
		return nil, rq.notFound() // a buffer never fails
	}
	return file{m.ContentType, content.Bytes()}, nil
}

func deleteMedia(rq *request) (any, *problem) {
	m, file, prob := lookupMedia(rq)
	if prob != nil {
		return nil, prob
	}
	m.media.remove(file)
	return nil, nil
}
