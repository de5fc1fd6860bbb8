import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import org.apache.batik.transcoder.TranscoderException;
import org.apache.batik.transcoder.TranscoderInput;
import org.apache.batik.transcoder.TranscoderOutput;
import org.apache.batik.transcoder.image.ImageTranscoder;
import org.gephi.graph.api.Column;
import org.gephi.graph.api.Edge;
import org.gephi.graph.api.Element;
import org.gephi.graph.api.Graph;
import org.gephi.graph.api.GraphController;
import org.gephi.graph.api.GraphModel;
import org.gephi.graph.api.Node;
import org.gephi.io.exporter.api.ExportController;
import org.gephi.io.exporter.preview.SVGExporter;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.EdgeMergeStrategy;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.importer.api.Issue;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.preview.api.PreviewController;
import org.gephi.preview.api.PreviewModel;
import org.gephi.preview.api.PreviewProperty;
import org.gephi.preview.types.EdgeColor;
import org.gephi.project.api.ProjectController;
import org.gephi.project.api.Workspace;
import org.openide.util.Lookup;

/**
 * Opens a graph file in Gephi and tells, as JSON, what Gephi then holds; draws it with Gephi's preview where asked.
 *
 * <p>Usage: {@code java ReadGexf MERGE FILE OUT.json [OUT.png]} where MERGE is {@code merge} (what Gephi's dialogue
 * proposes: parallel edges of one kind become one) or {@code keep}. The container's complaints are in {@code issues}.
 */
public final class ReadGexf {
    private final StringBuilder out = new StringBuilder();

    private ReadGexf() {
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream shown = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        ProjectController projects = Lookup.getDefault().lookup(ProjectController.class);
        projects.newProject();
        Workspace workspace = projects.getCurrentWorkspace();
        ImportController importer = Lookup.getDefault().lookup(ImportController.class);
        Container container = importer.importFile(new File(arguments[1]));
        container.getLoader().setEdgesMergeStrategy(
            arguments[0].equals("merge") ? EdgeMergeStrategy.SUM : EdgeMergeStrategy.NO_MERGE);
        ReadGexf reading = new ReadGexf();
        reading.out.append("{\"issues\":[");
        reading.issues(container.getReport().getIssues(10000));
        importer.process(container, new DefaultProcessor(), workspace);
        GraphModel model = Lookup.getDefault().lookup(GraphController.class).getGraphModel(workspace);
        reading.graph(model);
        Files.write(Path.of(arguments[2]), reading.out.toString().getBytes(StandardCharsets.UTF_8));
        if (arguments.length > 3) {
            draw(workspace, new File(arguments[3]));
        }
        shown.println("done");
        System.exit(0);
    }

    private void issues(Iterator<Issue> issues) {
        String comma = "";
        while (issues.hasNext()) {
            Issue issue = issues.next();
            if (issue.getLevel() != Issue.Level.INFO) {
                out.append(comma);
                text(issue.getLevel() + ": " + issue.getMessage());
                comma = ",";
            }
        }
    }

    private void graph(GraphModel model) {
        Graph graph = model.getGraph();
        out.append("],\"directed\":").append(model.isDirected()).append(",\"nodes\":[");
        String comma = "";
        for (Node node : graph.getNodes().toArray()) {
            out.append(comma).append("{\"id\":");
            text((String) node.getId());
            out.append(",\"label\":");
            value(node.getLabel());
            out.append(",\"x\":").append(node.x()).append(",\"y\":").append(node.y());
            out.append(",\"size\":").append(node.size()).append(",\"rgb\":").append(node.getRGBA() & 0xFFFFFF);
            attributes(node);
            comma = ",\n";
        }
        out.append("],\"edges\":[");
        comma = "";
        for (Edge edge : graph.getEdges().toArray()) {
            out.append(comma).append("{\"id\":");
            text(String.valueOf(edge.getId()));
            out.append(",\"source\":");
            text((String) edge.getSource().getId());
            out.append(",\"target\":");
            text((String) edge.getTarget().getId());
            out.append(",\"kind\":");
            value(model.getEdgeTypeLabel(edge.getType()));
            out.append(",\"label\":");
            value(edge.getLabel());
            out.append(",\"directed\":").append(edge.isDirected());
            out.append(",\"weight\":").append(edge.getWeight()).append(",\"rgb\":").append(edge.getRGBA() & 0xFFFFFF);
            attributes(edge);
            comma = ",\n";
        }
        out.append("]}");
    }

    private void attributes(Element element) {
        out.append(",\"attributes\":{");
        String comma = "";
        for (Column column : element.getTable()) {
            Object held = column.isProperty() ? null : element.getAttribute(column);
            if (held != null) {
                out.append(comma);
                text(column.getTitle());
                out.append(":");
                value(held);
                comma = ",";
            }
        }
        out.append("}}");
    }

    private void value(Object held) {
        if (held == null) {
            out.append("null");
        } else if (held.getClass().isArray()) {
            out.append("[");
            for (int index = 0; index < Array.getLength(held); index++) {
                out.append(index == 0 ? "" : ",");
                value(Array.get(held, index));
            }
            out.append("]");
        } else if (held instanceof Number || held instanceof Boolean) {
            out.append(held);
        } else {
            text(held.toString());
        }
    }

    private void text(String text) {
        out.append('"');
        for (char letter : text.toCharArray()) {
            if (letter == '"' || letter == '\\') {
                out.append('\\').append(letter);
            } else if (letter < ' ') {
                out.append(String.format("\\u%04x", (int) letter));
            } else {
                out.append(letter);
            }
        }
        out.append('"');
    }

    private static void draw(Workspace workspace, File picture) throws Exception {
        PreviewController previews = Lookup.getDefault().lookup(PreviewController.class);
        PreviewModel preview = previews.getModel(workspace);
        preview.getProperties().putValue(PreviewProperty.SHOW_NODE_LABELS, Boolean.TRUE);
        preview.getProperties().putValue(PreviewProperty.EDGE_CURVED, Boolean.TRUE);
        preview.getProperties().putValue(PreviewProperty.EDGE_OPACITY, 40);
        preview.getProperties().putValue(PreviewProperty.EDGE_COLOR, new EdgeColor(EdgeColor.Mode.ORIGINAL));
        preview.getProperties().putValue(PreviewProperty.ARROW_SIZE, 2f);
        preview.getProperties().putValue(PreviewProperty.EDGE_THICKNESS, 3f);
        previews.refreshPreview(workspace);
        SVGExporter exporter = (SVGExporter) Lookup.getDefault().lookup(ExportController.class).getExporter("svg");
        exporter.setWorkspace(workspace);
        StringWriter drawing = new StringWriter();
        exporter.setWriter(drawing);
        exporter.execute();
        PngTranscoder transcoder = new PngTranscoder(picture);
        transcoder.addTranscodingHint(ImageTranscoder.KEY_WIDTH, 2400f);
        transcoder.addTranscodingHint(ImageTranscoder.KEY_BACKGROUND_COLOR, Color.WHITE);
        transcoder.transcode(new TranscoderInput(new StringReader(drawing.toString())), null);
    }

    /** Writes a drawing as PNG without a screen, which Gephi's own PNG exporter asks for. */
    private static final class PngTranscoder extends ImageTranscoder {
        private final File picture;

        PngTranscoder(File picture) {
            this.picture = picture;
        }

        @Override
        public BufferedImage createImage(int width, int height) {
            return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        }

        @Override
        public void writeImage(BufferedImage image, TranscoderOutput ignored) throws TranscoderException {
            try {
                ImageIO.write(image, "png", picture);
            } catch (IOException error) {
                throw new TranscoderException(error);
            }
        }
    }
}
