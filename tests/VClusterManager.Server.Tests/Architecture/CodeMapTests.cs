using System.Diagnostics;
using System.Net.Mail;
using System.Text.Json;
using System.Xml;
using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Architecture;

/// <summary>Rules are worth no more than the map that they are checked on.</summary>
public sealed class CodeMapTests
{
    private static readonly IReadOnlyCollection<Use> Uses = CodeMap.Of(typeof(Specimen)).Uses;

    [Theory]
    [InlineData(typeof(Process))]
    [InlineData(typeof(Stopwatch))]
    [InlineData(typeof(MailAddress))]
    [InlineData(typeof(XmlReader))]
    [InlineData(typeof(JsonException))]
    [InlineData(typeof(DebuggerDisplayAttribute))]
    [InlineData(typeof(IProgress<>))]
    [InlineData(typeof(Version))]
    [InlineData(typeof(Uri))]
    public void The_map_sees_into_lambdas_state_machines_signatures_and_attributes(Type type) =>
        Uses.ShouldContain(u => u.From == typeof(Specimen) && u.To == type);

    [Fact]
    public void The_map_names_members() =>
        Uses.ShouldContain(u => u.To == typeof(Environment) && u.Member == nameof(Environment.GetEnvironmentVariable));

    /// <summary>A rule about a namespace that is misspelt would hold for ever.</summary>
    [Theory]
    [InlineData("Processes", "System.Diagnostics.Process")]
    [InlineData("Kubernetes", "k8s.Kubernetes")]
    [InlineData("Configuration", "System.Environment")]
    [InlineData("Http", "Microsoft.AspNetCore.Http.HttpContext")]
    public void What_the_rules_forbid_to_others_is_seen_where_it_is_allowed(string room, string type) =>
        CodeMap.Server.Uses.ShouldContain(u => Rooms.Of(u.From) == room && u.To.FullName == type);

    [Fact]
    public void The_map_of_the_server_is_not_empty()
    {
        CodeMap.Server.Uses.Count.ShouldBeGreaterThan(1000);
        CodeMap.Server.Uses.ShouldContain(u => Rooms.Of(u.From) == "Http" && Rooms.Of(u.To) == "Storage");
    }
}

[DebuggerDisplay("specimen")]
internal sealed class Specimen : IProgress<Version>
{
    private readonly List<MailAddress[]> _addresses = [];

    public async Task<Func<string>> RunAsync(XmlReader? reader)
    {
        try
        {
            await Task.Yield();
            _addresses.Clear();
            return () => Process.GetCurrentProcess().ProcessName + Stopwatch.GetTimestamp();
        }
        catch (JsonException)
        {
            return () => Environment.GetEnvironmentVariable("X") ?? Generic<Uri>();
        }
        finally
        {
            reader?.Dispose();
        }
    }

    public void Report(Version value) => _addresses.Clear();

    private static string Generic<T>() => typeof(T).Name;
}
