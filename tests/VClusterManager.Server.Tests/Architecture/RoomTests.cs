using System.Diagnostics;
using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Architecture;

/// <summary>Who may know whom. When one of these fails, it names the type and what it should not know.</summary>
public sealed class RoomTests
{
    /// <summary>Uses between features that are wanted, each with its reason.</summary>
    private static readonly HashSet<(string From, string To)> AllowedBetweenFeatures = [];

    /// <summary>Types at the edge beside the endpoints, each with its reason.</summary>
    private static readonly string[] EdgeTypes =
    [
        "ClusterAnswers", // how the endpoints of clusters answer: too much for one file with them
        "KubeconfigSource", // makes the kubeconfig of a request to the endpoints of clusters
        "OperationLogStream", // an answer that goes on until the operation ends
        "EventStream", // an answer that goes on until somebody ends it
        "AuditMiddleware", // sees every request and its answer
        "AuditKeeper", // takes requests and their answers down
        "AuditTicketMiddleware", // has the entry committed with the change
        "AuditTrail", // what the audit knows of one request
        "AuditTrails", // what handlers tell the audit of their request
        "AuditNotes", // what routes say of themselves to the audit
    ];

    private static readonly string[] EnvironmentMembers =
    [
        nameof(Environment.GetEnvironmentVariable),
        nameof(Environment.GetEnvironmentVariables),
        nameof(Environment.ExpandEnvironmentVariables),
        nameof(Environment.SetEnvironmentVariable),
    ];

    [Fact]
    public void Every_type_is_in_a_room_that_is_known_here() =>
        CodeMap
            .Server.Uses.Select(u => u.From)
            .Distinct()
            .Where(t =>
                Rooms.Of(t) is { Length: > 0 } room
                && !Rooms.Mechanisms.Contains(room)
                && !Rooms.Features.Contains(room)
            )
            .Select(t => t.FullName)
            .ShouldBeEmpty("say in Rooms whether this room is a feature or a mechanism");

    [Fact]
    public void Only_Processes_starts_processes() =>
        Refuse(
            use => use.To == typeof(Process) || use.To == typeof(ProcessStartInfo) || IsIn(use.To, "CliWrap"),
            except: ["Processes"]
        );

    [Fact]
    public void Only_Kubernetes_names_the_Kubernetes_client() =>
        Refuse(use => IsIn(use.To, "k8s"), except: ["Kubernetes"]);

    [Fact]
    public void Only_Configuration_reads_configuration_and_the_environment() =>
        Refuse(
            use =>
                IsIn(use.To, "Microsoft.Extensions.Configuration")
                || (use.To == typeof(Environment) && EnvironmentMembers.Contains(use.Member)),
            except: ["Configuration"]
        );

    [Fact]
    public void Http_stays_at_the_edge() =>
        Refuse(
            use =>
                IsIn(use.To, "Microsoft.AspNetCore.Http")
                && !use.From.Name.EndsWith("Endpoints", StringComparison.Ordinal)
                && !EdgeTypes.Contains(use.From.Name),
            except: ["", "Http", "Identity", "Access", "DynamicEndpoints"]
        );

    [Fact]
    public void Mechanisms_know_no_features() =>
        Refuse(
            use => Rooms.Mechanisms.Contains(Rooms.Of(use.From)) && Rooms.Features.Contains(Rooms.Of(use.To)),
            except: []
        );

    [Fact]
    public void Features_know_Clusters_and_not_each_other() =>
        Refuse(
            use =>
                Rooms.Of(use.From) is { } from
                && Rooms.Of(use.To) is { } to
                && from != to
                && to != "Clusters"
                && Rooms.Features.Contains(from)
                && Rooms.Features.Contains(to)
                && !AllowedBetweenFeatures.Contains((from, to)),
            except: []
        );

    [Fact]
    public void Webhooks_and_the_dashboard_touch_neither_processes_nor_the_host() =>
        Refuse(
            use => Rooms.Of(use.From) is "Webhooks" or "Dashboard" && Rooms.Of(use.To) is "Processes" or "Kubernetes",
            except: []
        );

    [Fact]
    public void Nothing_is_public_but_the_program() =>
        typeof(Server.Configuration.ConfigurationSources)
            .Assembly.GetExportedTypes()
            // Migrations are written by dotnet-ef, which makes them public.
            .Where(t =>
                t.FullName != "Program" && t.Namespace?.Contains(".Migrations.", StringComparison.Ordinal) != true
            )
            .Select(t => t.FullName)
            .ShouldBeEmpty();

    [Fact]
    public void Nobody_needs_the_composition_root() =>
        Refuse(use => Rooms.Of(use.To) is "" && use.To.Namespace == "VClusterManager.Server", except: [""]);

    private static bool IsIn(Type type, string space) =>
        type.Namespace == space || type.Namespace?.StartsWith(space + ".", StringComparison.Ordinal) == true;

    private static void Refuse(Func<Use, bool> forbidden, string[] except) =>
        CodeMap
            .Server.Uses.Where(use => !except.Contains(Rooms.Of(use.From)) && forbidden(use))
            .Select(use => use.ToString())
            .Distinct()
            .ShouldBeEmpty();
}
