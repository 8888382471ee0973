using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Observability;

/// <summary>The page says of every metric what it really is.</summary>
public sealed class ObservabilityPageTests(BusyHost host) : IClassFixture<BusyHost>
{
    private const string Own = "vcluster_manager_";

    [Fact]
    public async Task Every_instrument_is_in_the_page_with_its_type_and_no_other_is()
    {
        await host.ScrapeAsync();

        ObservabilityPage
            .Metrics.Values.Where(metric => metric.Name.StartsWith(Own, StringComparison.Ordinal))
            .Select(metric => $"{metric.Name} {metric.Type}")
            .ShouldBe(Declared(), ignoreOrder: true);
    }

    [Fact]
    public async Task A_server_tells_them_with_the_types_and_labels_of_the_page()
    {
        var told = await host.ScrapeAsync();

        foreach (var sample in told.Samples)
        {
            var name = told.MetricOf(sample.Name);
            if (ObservabilityPage.Metrics.GetValueOrDefault(name) is not { } metric)
            {
                name.ShouldNotStartWith(Own);
                continue;
            }

            told.Types[name].ShouldBe(metric.Type, name);
            // A request that no route fits has none.
            sample
                .Labels.Keys.Where(label => label != "le")
                .Except(metric.Labels)
                .ShouldBeEmpty($"{sample.Name} has labels that the page does not know");
        }
    }

    [Fact]
    public async Task Every_label_of_the_page_is_told_by_a_server()
    {
        var told = await host.ScrapeAsync();

        foreach (var metric in ObservabilityPage.Metrics.Values)
        {
            var labels = told
                .Samples.Where(sample => told.MetricOf(sample.Name) == metric.Name)
                .SelectMany(sample => sample.Labels.Keys)
                .Where(label => label != "le")
                .Distinct()
                .ToList();
            // Of some things nothing has happened, which is well: failures, conflicts.
            if (labels.Count > 0)
            {
                labels.ShouldBe(metric.Labels, ignoreOrder: true, metric.Name);
            }
        }
    }

    [Fact]
    public void It_says_of_each_what_it_means_on_several_replicas() =>
        ObservabilityPage.Metrics.Values.ShouldAllBe(metric =>
            new[] { "sum", "max", "each" }.Contains(metric.Replicas)
        );

    /// <summary>All instruments of our own, by the names that they have in the answer.</summary>
    private static List<string> Declared()
    {
        foreach (var type in typeof(ServerBuilder).Assembly.GetTypes().Where(HasMeter))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        HashSet<string> declared = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("VClusterManager.", StringComparison.Ordinal))
            {
                declared.Add($"{NameOf(instrument)} {TypeOf(instrument)}");
            }
        };
        listener.Start();
        return [.. declared];
    }

    private static bool HasMeter(Type type) =>
        Array.Exists(
            type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public),
            field => field.FieldType == typeof(Meter)
        );

    private static string NameOf(Instrument instrument) =>
        instrument.Name.Replace('.', '_')
        + (instrument.Unit == "s" ? "_seconds" : "")
        + (TypeOf(instrument) == "counter" ? "_total" : "");

    private static string TypeOf(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : name.StartsWith("Counter", StringComparison.Ordinal)
            || name.StartsWith("ObservableCounter", StringComparison.Ordinal)
                ? "counter"
            : "gauge";
    }
}
