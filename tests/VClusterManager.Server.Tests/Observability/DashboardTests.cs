using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.Configuration;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace VClusterManager.Server.Tests.Observability;

/// <summary>The dashboard and the alerts ask for what servers tell, and say what to do in sections that are there.</summary>
public sealed class DashboardTests
{
    /// <summary>What Prometheus adds by itself.</summary>
    private static readonly string[] OfPrometheus = ["job", "instance", "le"];

    public static TheoryData<string> Expressions =>
        [.. OfDashboard().Concat(Alerts().Select(alert => Text(alert, "expr")))];

    public static TheoryData<string> AlertNames => [.. Alerts().Select(alert => Text(alert, "alert"))];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void An_expression_asks_for_metrics_and_labels_that_there_are(string expression)
    {
        var query = PromQuery.Parse(expression);
        query.Selectors.ShouldNotBeEmpty();
        List<string> labels = [.. OfPrometheus];
        foreach (var selector in query.Selectors.Where(selector => selector.Name != "up"))
        {
            var metric = ObservabilityPage.Find(selector.Name).ShouldNotBeNull($"nobody tells {selector.Name}");
            selector
                .Labels.Except(metric.Labels)
                .Except(OfPrometheus)
                .ShouldBeEmpty($"{selector.Name} has no such label");
            labels.AddRange(metric.Labels);
        }

        query.Grouping.Except(labels).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sum by (kind, le) (rate(a_bucket{x=\"1\",y=~\"}{\"}[5m])) > 0.2 and b", "a_bucket:x,y b:", "kind,le")]
    [InlineData("max(c) == 0 or absent(up{job=~\"$job\"})", "c: up:job", "")]
    [InlineData("a / on (x) group_left b", "a: b:", "x")]
    public void An_expression_is_understood(string expression, string selectors, string grouping)
    {
        var query = PromQuery.Parse(expression);

        string.Join(' ', query.Selectors.Select(s => $"{s.Name}:{string.Join(',', s.Labels)}")).ShouldBe(selectors);
        string.Join(',', query.Grouping).ShouldBe(grouping);
    }

    [Theory]
    [MemberData(nameof(AlertNames))]
    public void An_alert_says_what_it_means_and_what_to_do(string name)
    {
        var alert = Alerts().Single(alert => Text(alert, "alert") == name);

        Text((YamlMappingNode)alert["labels"], "severity").ShouldBeOneOf(["critical", "warning", "info"]);
        var words = (YamlMappingNode)alert["annotations"];
        Text(words, "summary").ShouldNotBeNullOrWhiteSpace();
        Text(words, "description").ShouldEndWith(".");
        var runbook = Text(words, "runbook").Split('#');
        runbook[0].ShouldBe("docs/observability.md");
        ObservabilityPage.Anchors.ShouldContain(runbook[1]);
    }

    [Fact]
    public void Every_section_about_alerts_is_of_one() =>
        ObservabilityPage
            .Anchors.SkipWhile(anchor => anchor != "alerts")
            .Skip(1)
            .ShouldBe(
                Alerts().Select(alert => Text((YamlMappingNode)alert["annotations"], "runbook").Split('#')[1]),
                ignoreOrder: true
            );

    private static List<string> OfDashboard() =>
        [
            .. JsonNode.Parse(File.ReadAllText(FileOf("vcluster-manager.json")))!["panels"]!
                .AsArray()
                .SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
                .Select(target => target!["expr"]!.GetValue<string>()),
        ];

    private static List<YamlMappingNode> Alerts()
    {
        YamlStream yaml = [];
        using var text = File.OpenText(FileOf("alerts.yaml"));
        yaml.Load(text);
        return
        [
            .. ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"]).SelectMany(group =>
                ((YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>()
            ),
        ];
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static string FileOf(string name) => Path.Combine(RepositoryFolder.Path, "observability", name);
}
